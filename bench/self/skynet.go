// SPDX-License-Identifier: MIT
// skynet on goroutines, which return their numbers over channels. Prints the seconds that it took.
package main

import (
	"fmt"
	"os"
	"time"
)

const leaves, children = 1000000, 10

func grow(result chan<- uint64, number, leaves uint64) {
	if leaves == 1 {
		result <- number
		return
	}
	sums := make(chan uint64)
	for i := uint64(0); i < children; i++ {
		go grow(sums, number+i*(leaves/children), leaves/children)
	}
	var sum uint64
	for i := 0; i < children; i++ {
		sum += <-sums
	}
	result <- sum
}

func main() {
	root := make(chan uint64)
	begin := time.Now()
	go grow(root, 0, leaves)
	sum := <-root
	took := time.Since(begin)
	if sum != leaves*(leaves-1)/2 {
		fmt.Fprintln(os.Stderr, "skynet: the sum is wrong")
		os.Exit(1)
	}
	fmt.Printf("%.6f\n", took.Seconds())
}
