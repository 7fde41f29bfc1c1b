/**
 * What Redis does when early data is to be admitted, as one step that nothing comes between (EVAL).
 *
 * The mark is what tells that nothing was lost: which Redis it is (another process, also one that began anew, has another
 * run_id; one that was promoted has another master_replid), how many keys it has evicted, and since when. One that is
 * missing, or doesn't fit, begins anew, and nothing is admitted until all that may have been lost is stale.
 */
export const admissionScript: string = `
local mark, subject = KEYS[1], KEYS[2]
local operation, ours, patience, difference, deadline =
  ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

local function info(section, field)
  return string.match(redis.call("INFO", section), "\\n" .. field .. ":([^\\r\\n]+)")
end

local policy = info("memory", "maxmemory_policy")
local role = info("replication", "role")
local process = info("server", "run_id")
local history = info("replication", "master_replid")
local evicted = info("stats", "evicted_keys")
if not (policy and role and process and history and evicted) then return "unknown" end
if role ~= "master" then return "replica" end
if policy ~= "noeviction" then return "evicts" end

local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local identity = process .. " " .. history .. " " .. evicted
local marked = redis.call("HMGET", mark, "identity", "since")
if marked[1] ~= identity or not tonumber(marked[2]) then
  redis.call("HSET", mark, "identity", identity, "since", string.format("%.0f", now))
  return "young"
end
if math.abs(now - ours) > difference then return "clock" end
if now - tonumber(marked[2]) < patience then return "young" end

if operation == "remember" and redis.call("SET", subject, "", "NX", "PXAT", deadline) then return "admitted" end
if operation == "take" and redis.call("DEL", subject) == 1 then return "admitted" end
return "refused"
`;
