/**
 * Locks in the database, and who waits for them: tables, and a function for each statement, so that each is one message and
 * one transaction.
 *
 *   lock   a row for each slot of a name (slot 0: the lock itself; 1 to N: those of --slots N)
 *          held    `holder` and `lease`: nobody else gets it before the lease is over
 *          ending  no `holder`, but `breaks` and `lease`: broken, and its holder has not yet said that its command is gone
 *          free    none of them
 *   fence  the number of the last acquisition, in a row of its own: whoever shares it (lanes.fence) holds up the next
 *          acquisition, but no renewal. Never deleted, so no number comes twice.
 *   wait   the line, by ticket. Who is in it longer than its own lease without asking again is gone.
 *   ttl    how long a lease is
 *
 * Time is lanes.clock(), the database's, and nobody else's.
 */
export const locks = `
create function lanes.clock() returns timestamptz language sql volatile as 'select clock_timestamp()';

create table lanes.lock (
  name text not null, slot int not null,
  holder text, owner jsonb, since timestamptz, lease timestamptz, ttl interval, breaks text,
  primary key (name, slot)
) with (fillfactor = 50);

create table lanes.fence (
  name text not null, slot int not null, fence bigint not null default 0,
  primary key (name, slot),
  foreign key (name, slot) references lanes.lock
);

create table lanes.wait (
  ticket bigint generated always as identity primary key,
  name text not null, slotted boolean not null, waiter text not null unique,
  owner jsonb, since timestamptz not null, lease timestamptz not null, ttl interval not null
);
create index on lanes.wait (name, ticket);

-- Tries to get the lock, or one of its slots; in vain, a place in the line. Asked again by the same waiter it gives the same answer.
create function lanes.lock_try(n text, slots int, me text, who jsonb, ttl interval,
  out fence bigint, out slot int, out left_ms float8, out owner jsonb, out holders text[], out ahead int)
language plpgsql as $fn$
declare
  at timestamptz;
  mine bigint;
  low int := case when slots = 0 then 0 else 1 end;
  free int[];
  next timestamptz;
begin
  if (select count(*) from lanes.lock l where l.name = n and l.slot <= slots) <= slots then
    insert into lanes.lock (name, slot) select n, g from generate_series(0, slots) g on conflict do nothing;
    insert into lanes.fence (name, slot) select n, g from generate_series(0, slots) g on conflict do nothing;
  end if;
  -- One after the other, for each name.
  perform 1 from lanes.lock l where l.name = n and l.slot = 0 for update;
  at := lanes.clock();
  ahead := 0;
  -- A lease that lasts longer than its length was given before the clock was put back: it begins anew.
  update lanes.lock l set lease = at + l.ttl where l.name = n and l.lease > at + l.ttl;
  update lanes.wait w set lease = at + w.ttl where w.name = n and w.lease > at + w.ttl;
  update lanes.lock l set lease = at + lock_try.ttl, ttl = lock_try.ttl where l.name = n and l.holder = me returning l.slot into slot;
  if found then
    select f.fence into fence from lanes.fence f where f.name = n and f.slot = lock_try.slot;
    return;
  end if;
  insert into lanes.wait as w (name, slotted, waiter, owner, since, lease, ttl)
    values (n, slots > 0, me, who, at, at + lock_try.ttl, lock_try.ttl)
    on conflict (waiter) do update set lease = excluded.lease returning w.ticket into mine;
  select count(*), min(w.lease) into ahead, next from lanes.wait w
    where w.name = n and w.slotted = (slots > 0) and w.ticket < mine and w.lease > at;
  select array_agg(l.slot order by l.slot) into free from lanes.lock l
    where l.name = n and l.slot between low and slots and (l.lease is null or l.lease <= at);
  if free is null then
    select min(l.lease) into next from lanes.lock l where l.name = n and l.slot between low and slots;
  elsif ahead < cardinality(free) then
    begin
      -- Somebody's transaction may rely on the number as it is (lanes.fence): it is waited for, without standing in anybody's way.
      perform 1 from lanes.fence f where f.name = n and f.slot = free[1] for update nowait;
      slot := free[1];
      update lanes.fence f set fence = f.fence + 1 where f.name = n and f.slot = lock_try.slot returning f.fence into fence;
      update lanes.lock l set holder = me, owner = who, since = at, lease = at + lock_try.ttl, ttl = lock_try.ttl, breaks = null
        where l.name = n and l.slot = lock_try.slot;
      delete from lanes.wait w where w.waiter = me;
      delete from lanes.wait w where w.name = n and w.lease < at - interval '1 hour';
      if cardinality(free) > 1 then perform lanes.lock_tell(n, slots > 0); end if;
      return;
    exception when lock_not_available then
      next := at + interval '20 milliseconds';
    end;
  end if;
  left_ms := greatest(0, extract(epoch from next - at) * 1000);
  select array_agg(l.holder) into holders from lanes.lock l where l.name = n and l.slot between low and slots and l.holder is not null;
  select l.owner into owner from lanes.lock l where l.name = n and l.slot between low and slots and l.owner is not null
    order by l.lease limit 1;
end $fn$;

-- Wakes whoever is next.
create function lanes.lock_tell(n text, slots boolean) returns void language sql as $fn$
  select pg_notify('lanes_lock', w.waiter) from lanes.wait w
    where w.name = n and w.slotted = slots and w.lease > lanes.clock() order by w.ticket limit 1
$fn$;

-- Holds it for so long from now on. False: it is somebody else's, or was broken.
create function lanes.lock_renew(n text, s int, me text, f bigint, ttl interval) returns boolean language sql as $fn$
  with renewed as (
    update lanes.lock l set lease = lanes.clock() + $5, ttl = $5 from lanes.fence c
      where l.name = n and l.slot = s and l.holder = me and c.name = n and c.slot = s and c.fence = f
      returning 1
  ) select exists (select from renewed)
$fn$;

-- Lets go of it, broken or not. False: it was not held any more.
create function lanes.lock_free(n text, s int, me text) returns boolean language plpgsql as $fn$
declare held boolean;
begin
  select l.holder = me into held from lanes.lock l where l.name = n and l.slot = s for update;
  update lanes.lock l set holder = null, owner = null, since = null, lease = null, breaks = null
    where l.name = n and l.slot = s and (l.holder = me or l.breaks = me);
  if found then perform lanes.lock_tell(n, s > 0); end if;
  return coalesce(held, false);
end $fn$;

-- Leaves the line, and lets go of what it was given without having heard of it.
create function lanes.lock_leave(n text, me text) returns void language plpgsql as $fn$
declare slots boolean;
begin
  delete from lanes.wait w where w.waiter = me returning w.slotted into slots;
  if found then perform lanes.lock_tell(n, slots); end if;
  perform lanes.lock_free(n, l.slot, me) from lanes.lock l where l.name = n and l.holder = me;
end $fn$;

-- Its holder's next renewal fails. By force it is free at once; else when its holder says so, or the lease is over.
create function lanes.lock_break(n text, force boolean) returns int language plpgsql as $fn$
declare
  broken int := 0;
  l record;
begin
  for l in select k.slot from lanes.lock k where k.name = n and k.lease is not null order by k.slot for update loop
    update lanes.fence f set fence = f.fence + 1 where f.name = n and f.slot = l.slot;
    update lanes.lock k set breaks = coalesce(k.holder, k.breaks), holder = null,
      owner = case when force then null else k.owner end, lease = case when force then null else k.lease end
      where k.name = n and k.slot = l.slot;
    broken := broken + 1;
    perform lanes.lock_tell(n, l.slot > 0);
  end loop;
  return broken;
end $fn$;

-- For the user's own transactions: nobody gets the lock before this one has ended, and it fails if somebody has got it already.
create function lanes.fence(lock_name text, number bigint, slot_number int default 0) returns void language plpgsql as $fn$
declare current bigint;
begin
  select f.fence into current from lanes.fence f where f.name = lock_name and f.slot = slot_number for share;
  if current is distinct from number then
    raise exception 'the lock "%" has been acquired since: % is not its number any more, % is', lock_name, number, current
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end $fn$;
`;
