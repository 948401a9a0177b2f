%% SPDX-License-Identifier: MIT
%% Processes under the jobs of impls/runtimes/README.md: each line `job n` is done n times and answered with our own count.
-module(runtime).
-export([start/0]).

start() ->
    spawn(fun main/0).

%% The lines come by a port of their own: io:get_line would pass each through two more processes.
main() ->
    Port = open_port({fd, 0, 1}, [binary, eof, {line, 64}]),
    serve(Port, 0).

%% Made: bodies that have run, hand-offs and yields that have been made, since the program began.
serve(Port, Made) ->
    receive
        {Port, {data, {eol, Line}}} ->
            [Job, N] = binary:split(Line, <<" ">>),
            {Answer, More} = answer(Job, binary_to_integer(N)),
            case Answer of
                made -> port_command(Port, [integer_to_list(Made + More), $\n]);
                _ -> port_command(Port, [Answer, $\n])
            end,
            serve(Port, Made + More);
        {Port, eof} ->
            halt(0)
    end.

answer(<<"create">>, N) -> {made, create(N, 0)};
answer(<<"spawn">>, N) -> spawns(N), {made, 0};
answer(<<"settle">>, _) -> {made, settle(0)};
answer(<<"switch">>, N) -> {made, switch(N)};
answer(<<"yield">>, N) -> {made, yield(N)};
answer(<<"yield-alone">>, N) -> {made, yields(N, 0)};
answer(<<"mode">>, N) -> mode(N), {made, 0};
answer(<<"join">>, N) -> {integer_to_list(join(N, 0)), 0};
answer(<<"ring">>, N) -> {order(ring(N)), 0};
answer(<<"round">>, N) -> {order(all_turns(N)), 0};
answer(<<"left">>, N) -> {integer_to_list(left(N)), 0};
answer(Job, _) -> {["no job ", Job], 0}.

%% -- a body's end tells that it has run
body() ->
    exit(ran).

create(0, Ran) ->
    Ran;
create(N, Ran) ->
    {_, Ref} = spawn_monitor(fun body/0),
    receive {'DOWN', Ref, process, _, ran} -> create(N - 1, Ran + 1) end.

%% How many are on their way, the process's own dictionary remembers until they are settled.
spawns(N) ->
    put(live, live() + N),
    spawn_each(N).

spawn_each(0) ->
    ok;
spawn_each(N) ->
    spawn_monitor(fun body/0),
    spawn_each(N - 1).

live() ->
    case get(live) of undefined -> 0; N -> N end.

settle(Ran) ->
    case live() of
        Ran -> put(live, 0), Ran;
        _ -> receive {'DOWN', _, process, _, ran} -> settle(Ran + 1) end
    end.

%% -- each receives once a turn, and counts what it has received
switch(N) ->
    Self = self(),
    Peer = spawn(fun() -> switch_peer(Self, 0) end),
    Ours = switch_loop(Peer, N, 0),
    Peer ! stop,
    receive {ended, Theirs} -> Ours + Theirs end.

switch_loop(_, 0, Received) ->
    Received;
switch_loop(Peer, N, Received) ->
    Peer ! there,
    receive back -> switch_loop(Peer, N - 1, Received + 1) end.

switch_peer(To, Received) ->
    receive
        there -> To ! back, switch_peer(To, Received + 1);
        stop -> To ! {ended, Received}
    end.

%% -- through the queue
yield(N) ->
    Self = self(),
    spawn(fun() -> Self ! {ended, yields(N, 0)} end),
    Ours = yields(N, 0),
    receive {ended, Theirs} -> Ours + Theirs end.

yields(N, N) ->
    N;
yields(N, Done) ->
    erlang:yield(),
    yields(N, Done + 1).

mode(0) ->
    ok;
mode(N) ->
    erlang:system_info(schedulers),
    mode(N - 1).

%% -- checks: how many of N joins came back after the body's end
join(0, After) ->
    After;
join(N, After) ->
    Ended = counters:new(1, []),
    {_, Ref} = spawn_monitor(fun() -> yields(10, 0), counters:add(Ended, 1, 1) end),
    receive {'DOWN', Ref, process, _, _} -> join(N - 1, After + counters:get(Ended, 1)) end.

order(Indices) ->
    lists:join($\s, [integer_to_list(I) || I <- Indices]).

%% N rounds of a token; who held it, in order.
ring(N) ->
    Last = spawn_link(fun() -> ring_peer(3) end),
    Middle = spawn_link(fun() -> ring_peer(2) end),
    First = spawn_link(fun() -> ring_peer(1) end),
    Last ! {next, self()},
    Middle ! {next, Last},
    First ! {next, Middle},
    Seen = ring_loop(First, N, []),
    [unlink(P) || P <- [First, Middle, Last]],
    [exit(P, kill) || P <- [First, Middle, Last]],
    lists:reverse(Seen).

ring_loop(_, 0, Seen) ->
    Seen;
ring_loop(First, N, Seen) ->
    First ! {token, [0 | Seen]},
    receive {token, More} -> ring_loop(First, N - 1, More) end.

ring_peer(Index) ->
    receive {next, Next} -> ring_peer(Index, Next) end.

ring_peer(Index, Next) ->
    receive {token, Seen} -> Next ! {token, [Index | Seen]} end,
    ring_peer(Index, Next).

%% N turns each, through the queue; who ran, in order.
all_turns(N) ->
    Seen = atomics:new(4 * N + 1, []),
    Peers = [spawn_monitor(fun() -> turns(Seen, I, N) end) || I <- [1, 2, 3]],
    turns(Seen, 0, N),
    [receive {'DOWN', Ref, process, _, _} -> ok end || {_, Ref} <- Peers],
    [atomics:get(Seen, At + 1) || At <- lists:seq(1, 4 * N)].

turns(_, _, 0) ->
    ok;
turns(Seen, Index, N) ->
    atomics:put(Seen, atomics:add_get(Seen, 1, 1) + 1, Index),
    erlang:yield(),
    turns(Seen, Index, N - 1).

%% How many more there are after N have been created and joined.
left(N) ->
    Before = erlang:system_info(process_count),
    create(N, 0),
    erlang:system_info(process_count) - Before.
