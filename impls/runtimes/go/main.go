// SPDX-License-Identifier: MIT

// Goroutines under the jobs of impls/runtimes/README.md: each line `job n` is done n times and answered with our own count.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Bodies that have run, hand-offs and yields that have been made, since the program began.
var made int64

var live sync.WaitGroup

func body() {
	atomic.AddInt64(&made, 1)
	live.Done()
}

func create(n int64) {
	for ; n > 0; n-- {
		live.Add(1)
		go body()
		live.Wait()
	}
}

func spawn(n int64) {
	for ; n > 0; n-- {
		live.Add(1)
		go body()
	}
}

func settle(int64) {
	live.Wait()
}

type token = struct{}

// Each receives once a turn, and counts what it has received.
func handOff(n int64) {
	there, back, ended := make(chan token), make(chan token), make(chan int64)
	go func() {
		var received int64
		for range there {
			received++
			back <- token{}
		}
		ended <- received
	}()
	var received int64
	for ; n > 0; n-- {
		there <- token{}
		<-back
		received++
	}
	close(there)
	made += received + <-ended
}

func yields(n int64) (done int64) {
	for ; done < n; done++ {
		runtime.Gosched()
	}
	return done
}

func yield(n int64) {
	ended := make(chan int64)
	go func() { ended <- yields(n) }()
	done := yields(n)
	made += done + <-ended
}

func yieldAlone(n int64) {
	made += yields(n)
}

func mode(n int64) {
	for ; n > 0; n-- {
		runtime.NumGoroutine()
	}
}

// How many of n joins came back after the body's end.
func join(n int64) string {
	var after int64
	for ; n > 0; n-- {
		ended := false
		live.Add(1)
		go func() {
			yields(10)
			ended = true
			live.Done()
		}()
		live.Wait()
		if ended {
			after++
		}
	}
	return strconv.FormatInt(after, 10)
}

const contexts = 4

type order []string

func (o *order) saw(index int) {
	*o = append(*o, strconv.Itoa(index))
}

// n rounds of a token; who held it, in order.
func ring(n int64) string {
	var seen order
	var c [contexts]chan token
	for i := range c {
		c[i] = make(chan token)
	}
	for i := 1; i < contexts; i++ {
		go func(i int) {
			for range c[i] {
				seen.saw(i)
				c[(i+1)%contexts] <- token{}
			}
		}(i)
	}
	for ; n > 0; n-- {
		seen.saw(0)
		c[1] <- token{}
		<-c[0]
	}
	for i := 1; i < contexts; i++ {
		close(c[i])
	}
	return strings.Join(seen, " ")
}

// n turns each, through the queue; who ran, in order.
func round(n int64) string {
	var seen order
	turns := func(i int) {
		for k := int64(0); k < n; k++ {
			seen.saw(i)
			runtime.Gosched()
		}
		live.Done()
	}
	live.Add(contexts)
	for i := 1; i < contexts; i++ {
		go turns(i)
	}
	turns(0)
	live.Wait()
	return strings.Join(seen, " ")
}

// How many more there are after n have been created and joined. One that has said that it is done still has to end.
func left(n int64) string {
	before := runtime.NumGoroutine()
	create(n)
	for tries := 0; tries < 1000 && runtime.NumGoroutine() > before; tries++ {
		runtime.Gosched()
	}
	return strconv.Itoa(runtime.NumGoroutine() - before)
}

var jobs = map[string]func(int64){"create": create, "spawn": spawn, "settle": settle, "switch": handOff,
	"yield": yield, "yield-alone": yieldAlone, "mode": mode}

var checks = map[string]func(int64) string{"join": join, "ring": ring, "round": round, "left": left}

func answer(job string, n int64) string {
	if check := checks[job]; check != nil {
		return check(n)
	}
	if do := jobs[job]; do != nil {
		do(n)
		return strconv.FormatInt(made, 10)
	}
	return "no job " + job
}

func main() {
	workers, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	runtime.GOMAXPROCS(workers)
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		job, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			panic(err)
		}
		fmt.Println(answer(job, n))
	}
}
