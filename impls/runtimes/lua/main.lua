-- SPDX-License-Identifier: MIT
-- Coroutines under the jobs of impls/runtimes/README.md: each line `job n` is done n times and answered with our own
-- count. Lua has no scheduler: every switch names who runs, and back.
local resume, yield, new = coroutine.resume, coroutine.yield, coroutine.create

local made = 0 -- bodies that have run, hand-offs that have been made, since the program began

local function body()
	made = made + 1
end

local live, lives = {}, 0

local job = {}

function job.create(n)
	for _ = 1, n do
		resume(new(body))
	end
end

function job.spawn(n)
	for _ = 1, n do
		lives = lives + 1
		live[lives] = new(body)
	end
end

function job.settle()
	for i = lives, 1, -1 do
		resume(live[i])
		live[i] = nil
	end
	lives = 0
end

-- There and back; each counts how often it was given the CPU.
job["switch"] = function(n)
	local theirs, ours = 0, 0
	local peer = new(function()
		while true do
			theirs = theirs + 1
			yield()
		end
	end)
	for _ = 1, n do
		resume(peer)
		ours = ours + 1
	end
	made = made + theirs + ours
end

function job.mode(n)
	local running = coroutine.running
	for _ = 1, n do
		running()
	end
end

local check = {}

-- How many of n joins came back after the body's end.
function check.join(n)
	local after = 0
	for _ = 1, n do
		local ended = false
		local c = new(function()
			for _ = 1, 10 do
				yield()
			end
			ended = true
		end)
		while coroutine.status(c) ~= "dead" do
			resume(c)
		end
		after = after + (ended and 1 or 0)
	end
	return after
end

-- n rounds of a token; who held it, in order. One that yields names none, so each resumes the next, and all come back.
function check.ring(n)
	local seen, c = {}, {}
	for i = 3, 1, -1 do
		c[i] = new(function()
			while true do
				seen[#seen + 1] = i
				if c[i + 1] then
					resume(c[i + 1])
				end
				yield()
			end
		end)
	end
	for _ = 1, n do
		seen[#seen + 1] = 0
		resume(c[1])
	end
	return table.concat(seen, " ")
end

-- How many there still are after n have been created and have ended.
function check.left(n)
	local all, count = setmetatable({}, { __mode = "k" }), 0
	for _ = 1, n do
		local c = new(body)
		all[c] = true
		resume(c)
	end
	collectgarbage()
	for _ in pairs(all) do
		count = count + 1
	end
	return count
end

local function answer(name, n)
	if check[name] then
		return check[name](n)
	elseif job[name] then
		job[name](n)
		return made
	end
	return "no job " .. name
end

for line in io.lines() do
	local name, n = line:match("^(%S+) (%d+)$")
	io.write(answer(name or line, math.tointeger(n)), "\n")
	io.flush()
end
