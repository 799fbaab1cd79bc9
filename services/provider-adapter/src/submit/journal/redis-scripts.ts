/**
 * Redis runs each script as one step. A lease is a key that holds its owner's token; an entry is a hash. Whoever writes to an
 * entry shows the token: while nobody else has the lease the write counts, even if the lease ran out in the meantime.
 */

/** Takes a lease. ARGV: token, milliseconds. 1 also where this token has it, by an earlier try whose answer was lost. */
export const LEASE = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0`;

/** Renews a lease. ARGV: token, milliseconds. 0 where somebody else has it. */
export const RENEW = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Gives a lease up, and says so. KEYS: lease. ARGV: token, channel, message. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;

/**
 * Begins entries, all or none. KEYS: lease, entries. ARGV: token, milliseconds that an entry is kept, intents. 1 where they
 * are begun by this token, be it by an earlier try whose answer was lost; 0 where one is somebody else's; -1 without lease.
 */
export const BEGIN = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 and redis.call('HGET', KEYS[i], 'by') ~= ARGV[1] then return 0 end
end
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'intent', ARGV[i + 1], 'by', ARGV[1])
  redis.call('PEXPIRE', KEYS[i], ARGV[2])
end
return 1`;

/**
 * Writes a field of an entry. KEYS: lease, entry. ARGV: token, milliseconds of the lease, milliseconds that an entry is kept,
 * field, value, intent. The intent, where it is known, goes along so that an entry is whole even where Redis lost it. 0 where
 * the lease has passed to somebody else, or the entry has ended, unless in this very result: then its answer was lost.
 */
export const WRITE = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
local result = redis.call('HGET', KEYS[2], 'result')
if result then return ARGV[4] == 'result' and ARGV[5] == result and 1 or 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[6] ~= '' then redis.call('HSETNX', KEYS[2], 'intent', ARGV[6]) end
redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

/**
 * Claims a job for a group. KEYS: claim. ARGV: group, 1 where it surely is the group's, milliseconds that a claim is kept. 0
 * where another group has it, 1 where this one may have it, 2 where it surely does.
 */
export const CLAIM = `
local by, certain = unpack(redis.call('HMGET', KEYS[1], 'by', 'certain'))
if by and by ~= ARGV[1] and (certain == '1' or ARGV[2] ~= '1') then return 0 end
if by ~= ARGV[1] or certain ~= '1' then
  certain = ARGV[2]
  redis.call('HSET', KEYS[1], 'by', ARGV[1], 'certain', certain)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return certain == '1' and 2 or 1`;

/**
 * Says that a submission is not wanted any more, also to whoever has it standing in line, when it has no entry yet, and notes it
 * in the entry. KEYS: entry. ARGV: channel, message. 0 where there is no entry, or it has ended.
 */
export const CANCEL = `
redis.call('PUBLISH', ARGV[1], ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'result') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'cancel', '1')
return 1`;
