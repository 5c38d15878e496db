/**
 * Jobs in the database: tables, and a function for each statement, so that each is one message and one transaction. Who may
 * write which row when:
 *
 *   batch   its submitter opens it, says when all its jobs are there, and takes the results; anybody may cancel or remove it. It is
 *           open, halted (no more jobs are begun), stopped or cancelled (nor does one go on), or done (all have ended)
 *   worker  a lease for each process that takes jobs, whatever it runs. Whoever renews his own in time may say of others that
 *           theirs is over: they are `lost`, for good, and their jobs are given to others. (scripts/model/jobs.ts checks it)
 *   job     0 waits ── claim ──► 1 runs ── complete ──► 2 ended ── take ──► (deleted, counted in its batch)
 *                 ◄── give up, give back, try again ──┘
 *   output  what a try has written, in parts, put there before the try is accepted
 *
 * Always true: of a job that runs only the very try that was handed out last is accepted (`worker` and `attempt`; an attempt
 * given back unbegun may have the same number again), once; a claim and its worker's loss exclude each other (both lock the
 * worker's row), so no job is left with a worker that is lost.
 *
 * Longer than most files, for it is one program in the database's language: what a row may become is read across its functions.
 *
 * Plans are made anew for each statement: one made while a table was empty is used for 200,000 rows.
 */
export const jobs = `
create table lanes.batch (
  id bigint generated always as identity primary key,
  name text not null unique, token text not null, kind text not null, spec bytea not null, owner jsonb not null,
  tries int not null, delay_ms float8 not null, halt jsonb,
  total bigint, state text not null default 'open', halt_code int,
  collector text, seen timestamptz, contact timestamptz,
  ended_ok bigint not null default 0, ended_failed bigint not null default 0,
  taken_ok bigint not null default 0, taken_failed bigint not null default 0,
  next_start timestamptz, created timestamptz not null, finished timestamptz
);

create table lanes.worker (
  id bigint generated always as identity primary key,
  token text not null unique, owner jsonb not null, slots int not null, ttl_ms float8 not null,
  lease timestamptz not null, contact timestamptz not null, claimed bigint not null default 0, lost boolean not null default false,
  cannot jsonb not null default '{}', running jsonb not null default '[]', waits jsonb, told timestamptz, since timestamptz not null
) with (fillfactor = 50);

create table lanes.job (
  batch bigint not null references lanes.batch on delete cascade, seq bigint not null, payload bytea not null,
  state smallint not null default 0, attempt int not null default 0, lost smallint not null default 0,
  failures int not null default 0, worker bigint, claim bigint, ended timestamptz, failed boolean, result jsonb,
  primary key (batch, seq)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
create index job_ready on lanes.job (batch, seq) where state = 0;
create index job_running on lanes.job (worker, batch) where state = 1;
create index job_ended on lanes.job (batch, seq) where state = 2;

create table lanes.output (
  batch bigint not null, seq bigint not null, attempt int not null, stream smallint not null, part int not null,
  data bytea not null, primary key (batch, seq, attempt, stream, part)
);
alter table lanes.output alter column data set storage external;

create table lanes.blob (sha256 bytea primary key, data bytea not null, used timestamptz not null);
alter table lanes.blob alter column data set storage external;

-- A batch of this name; asked again with the same token, the same one. Null: the name is another's.
create function lanes.batch_open(n text, t text, k text, s bytea, who jsonb, tries int, delay_ms float8, halt jsonb, ttl interval)
returns bigint language plpgsql as $fn$
declare found_id bigint;
begin
  insert into lanes.batch (name, token, kind, spec, owner, tries, delay_ms, halt, collector, seen, contact, created)
    values (n, t, k, s, who, tries, delay_ms, halt, t, lanes.clock() + ttl, lanes.clock(), lanes.clock())
    on conflict (name) do nothing;
  select b.id into found_id from lanes.batch b where b.name = n and b.token = t;
  return found_id;
end $fn$;

-- Jobs of an open batch: numbers, and where in the bytes the payload of each lies. Those that are there already stay as they are.
create function lanes.job_put(b bigint, seqs bigint[], ends int[], bytes bytea) returns void language plpgsql as $fn$
begin
  insert into lanes.job (batch, seq, payload)
    select b, u.seq, substring(bytes from coalesce(lag(u.e) over (order by u.o), 0) + 1 for u.e - coalesce(lag(u.e) over (order by u.o), 0))
    from unnest(seqs, ends) with ordinality as u(seq, e, o)
    on conflict do nothing;
  perform pg_notify('lanes_jobs', '');
end $fn$;

-- No more jobs come: so many there are.
create function lanes.batch_close(b bigint, n bigint) returns void language sql as $fn$
  update lanes.batch set total = n where id = b
$fn$;

create function lanes.worker_register(t text, who jsonb, n int, ttl float8) returns bigint language sql as $fn$
  insert into lanes.worker as w (token, owner, slots, ttl_ms, lease, contact, since)
    values (t, who, n, ttl, lanes.clock() + ttl * interval '1 ms', lanes.clock(), lanes.clock())
    on conflict (token) do update set lease = excluded.lease returning w.id
$fn$;

-- Takes up to k jobs that wait, of these batches in this order, each from behind a number on. Claims are numbered: asked again (the
-- answer was lost) it gives what was taken by the same one; carried out after a later one it takes nothing, for nobody waits for its
-- answer. A row without a batch: the worker is lost. Of jobs that two machines were lost with, so that a third one is the last, a worker
-- has one at a time: the one that kills its machine does not take others with it that were only taken together with it.
create function lanes.job_claim(me bigint, n bigint, batches bigint[], low bigint[], k int)
returns table (batch bigint, seq bigint, payload bytea, attempt int) language plpgsql
set plan_cache_mode = force_custom_plan as $fn$
#variable_conflict use_column
declare
  w lanes.worker;
  had int := 0;
  more int;
  want int;
  b lanes.batch;
  suspected boolean;
begin
  select * into w from lanes.worker x where x.id = me for no key update;
  if w.id is null or w.lost then
    return query select null::bigint, null::bigint, null::bytea, null::int;
    return;
  end if;
  if n <= w.claimed then
    return query select j.batch, j.seq, j.payload, j.attempt from lanes.job j
      where j.worker = me and j.state = 1 and j.claim = n and n = w.claimed;
    return;
  end if;
  update lanes.worker x set claimed = n where x.id = me;
  suspected := exists (select from lanes.job j where j.worker = me and j.state = 1 and j.lost >= 2);
  for i in 1 .. coalesce(cardinality(batches), 0) loop
    exit when had >= k;
    want := k - had;
    select * into b from lanes.batch x where x.id = batches[i] and x.state = 'open';
    continue when not found;
    if b.delay_ms > 0 then
      select * into b from lanes.batch x where x.id = batches[i] for no key update;
      -- Further off than a whole delay it was put there before the clock was put back.
      continue when b.next_start > lanes.clock() and b.next_start <= lanes.clock() + b.delay_ms * interval '1 ms';
      want := 1;
    end if;
    return query
      with c as (
        select j.seq, j.lost >= 2 as last from lanes.job j
          where j.state = 0 and j.batch = batches[i] and j.seq > low[i] and not (j.lost >= 2 and suspected)
          order by j.seq limit want for update skip locked
      ), one as (select c.seq from c where c.last order by c.seq limit 1)
      update lanes.job j set state = 1, worker = me, claim = n, attempt = j.attempt + 1 from c
        where j.batch = batches[i] and j.seq = c.seq and (not c.last or c.seq = (select one.seq from one))
        returning j.batch, j.seq, j.payload, j.attempt;
    get diagnostics more = row_count;
    had := had + more;
    suspected := suspected or exists (select from lanes.job j where j.worker = me and j.state = 1 and j.claim = n and j.lost >= 2);
    if b.delay_ms > 0 and more > 0 then
      update lanes.batch x set next_start = lanes.clock() + b.delay_ms * interval '1 ms' where x.id = b.id;
    end if;
    if more = 0 and b.total is not null and not exists (select from lanes.job j where j.batch = b.id and j.state = 0)
      and not exists (select from lanes.job j where j.batch = b.id and j.state = 1)
    then
      update lanes.batch x set state = 'done', finished = lanes.clock() where x.id = b.id and x.state = 'open';
    end if;
  end loop;
end $fn$;

-- A part of what a try has written, ahead of its end. False: that try is not wanted any more.
create function lanes.output_put(me bigint, b bigint, s bigint, a int, st int, p int, bytes bytea) returns boolean language plpgsql as $fn$
begin
  perform 1 from lanes.job j where j.batch = b and j.seq = s and j.state = 1 and j.attempt = a and j.worker = me for key share;
  if not found then return false; end if;
  insert into lanes.output values (b, s, a, st, p, bytes) on conflict do nothing;
  return true;
end $fn$;

-- Tries that have ended: [{b, s, a, failed, result, ago, out, err}], what they wrote (as far as it is not there already) one after the
-- other in the bytes: out and err are lengths. Says of each: 'accepted', 'again' (it failed, and is tried again), 'refused'; nothing at
-- all where all are accepted now, which is how nearly every question ends.
create function lanes.job_complete(me bigint, ended jsonb, bytes bytea)
returns table (batch bigint, seq bigint, verdict text) language plpgsql
set plan_cache_mode = force_custom_plan as $fn$
#variable_conflict use_column
declare
  done record;
  settled int := 0;
begin
  for done in
    with u as (
      select x.*, sum(x.out + x.err) over (order by o) - x.out - x.err as at
        from rows from (jsonb_to_recordset(ended) as (b bigint, s bigint, a int, failed boolean, result jsonb, ago float8, out int, err int))
          with ordinality as x(b, s, a, failed, result, ago, out, err, o)
    ), accepted as (
      update lanes.job j set state = case when u.failed and j.failures + 1 < b.tries and b.state = 'open' then 0 else 2 end,
          failures = j.failures + u.failed::int, failed = u.failed, ended = lanes.clock() - u.ago * interval '1 ms', result = u.result
        from u join lanes.batch b on b.id = u.b
        where j.batch = u.b and j.seq = u.s and j.state = 1 and j.attempt = u.a and j.worker = me
        returning j.batch, j.seq, j.state, j.attempt, u.failed, u.at, u.out, u.err, u.result
    ), kept as (
      insert into lanes.output (batch, seq, attempt, stream, part, data)
        select t.batch, t.seq, t.attempt, s.stream, 0, substring(bytes from (t.at + s.off)::int + 1 for s.len)
        from accepted t cross join lateral (values (1, 0, t.out), (2, t.out, t.err)) as s(stream, off, len)
        where t.state = 2 and s.len > 0
        on conflict do nothing
    )
    select t.batch, array_agg(t.failed) filter (where t.state = 2) as failures,
        array_agg(t.result) filter (where t.state = 2) as results, bool_or(t.state = 0) as again
      from accepted t group by t.batch
  loop
    if done.again then perform pg_notify('lanes_jobs', ''); end if;
    if done.failures is not null then
      perform pg_notify('lanes_ended', done.batch::text);
      perform lanes.batch_count(done.batch, done.failures, done.results);
      settled := settled + cardinality(done.failures);
    end if;
  end loop;
  if settled = jsonb_array_length(ended) then return; end if;
  return query
    select u.b, u.s, case
        when j.batch is null then 'accepted'
        when j.attempt = u.a and j.worker = me and j.state = 2 then 'accepted'
        when j.attempt = u.a and j.worker = me and j.state = 0 then 'again'
        else 'refused' end
      from jsonb_to_recordset(ended) as u(b bigint, s bigint, a int)
      left join lanes.job j on j.batch = u.b and j.seq = u.s;
end $fn$;

-- Whether so many have failed, or gone well, that no more are to be begun ('soon') or go on ('now'). Jobs of one batch only that has
-- such a limit are counted one transaction after the other.
create function lanes.batch_count(b bigint, failures boolean[], results jsonb[]) returns void language plpgsql as $fn$
declare
  x lanes.batch;
  n bigint;
  most float8;
begin
  perform 1 from lanes.batch y where y.id = b and y.halt is not null;
  if not found then return; end if;
  select * into x from lanes.batch y where y.id = b for no key update;
  for i in 1 .. cardinality(failures) loop
    if failures[i] then x.ended_failed := x.ended_failed + 1; else x.ended_ok := x.ended_ok + 1; end if;
    n := case x.halt->>'what' when 'fail' then x.ended_failed when 'success' then x.ended_ok else x.ended_failed + x.ended_ok end;
    most := coalesce((x.halt->>'count')::float8, (x.halt->>'share')::float8 * x.total, 'infinity');
    if x.state = 'open' and n >= most
      and (x.halt->>'what' <> 'fail' or failures[i]) and (x.halt->>'what' <> 'success' or not failures[i])
    then
      x.state := case x.halt->>'when' when 'now' then 'stopped' else 'halted' end;
      x.halt_code := (results[i]->>'exit')::int;
    end if;
  end loop;
  if x.state <> 'open' then perform pg_notify('lanes_jobs', 'stop'); end if;
  update lanes.batch y set ended_ok = x.ended_ok, ended_failed = x.ended_failed, state = x.state, halt_code = x.halt_code,
    finished = case when x.state = 'open' then null else coalesce(y.finished, lanes.clock()) end where y.id = b;
end $fn$;

-- Since when contact has been unbroken, for one who renews a lease. A gap of half a lease begins it anew: there may have been an outage
-- that the others did not live through as well. So does a clock that was put forward (that looks the same), or back.
create function lanes.contact(since timestamptz, lease timestamptz, ttl_ms float8) returns timestamptz language sql volatile as $fn$
  select case when since <= t.now and t.now between lease - ttl_ms * interval '1 ms' and lease - ttl_ms / 2 * interval '1 ms'
    then since else t.now end from (select lanes.clock() as now) t
$fn$;

-- The worker is there for so long from now on. Of the batches it is at those whose jobs are to be ended. Null: it is lost.
create function lanes.worker_renew(me bigint, at_batches bigint[], can_not jsonb) returns bigint[] language plpgsql as $fn$
declare
  ends bigint[];
  w lanes.worker;
begin
  select * into w from lanes.worker x where x.id = me for no key update;
  if w.id is null or w.lost then return null; end if;
  update lanes.worker x set cannot = can_not, lease = lanes.clock() + w.ttl_ms * interval '1 ms',
    contact = lanes.contact(w.contact, w.lease, w.ttl_ms)
    where x.id = me;
  select coalesce(array_agg(u.b), '{}') into ends from unnest(at_batches) as u(b)
    where not exists (select from lanes.batch b where b.id = u.b and b.state in ('open', 'halted', 'done'));
  return ends;
end $fn$;

-- What the worker runs, for those who watch; and what it waits for, if it begins nothing for now.
create function lanes.worker_tell(me bigint, what jsonb, waits_for jsonb) returns void language sql as $fn$
  update lanes.worker set running = what, waits = waits_for, told = lanes.clock() where id = me
$fn$;

-- Gives up whoever has not renewed in time; only for one whose own contact with the database has lasted, unbroken, longer than the lease
-- of the other: where it was the database that was away, the other has had his chance. How long that is the database counts, up to
-- the moment itself: a request that comes late does no harm. A lease shorter than one's own must have been over for as long as that: an outage that
-- one's own renewals did not notice may have been too long for it. Says how many.
create function lanes.worker_give_up(me bigint) returns int language plpgsql as $fn$
declare own lanes.worker;
begin
  select * into own from lanes.worker x where x.id = me;
  if own.id is null or own.lost then return 0; end if;
  return lanes.give_up(me, lanes.contact(own.contact, own.lease, own.ttl_ms), own.ttl_ms);
end $fn$;

-- The same for whoever takes the results of a batch, by the same rule: where nobody works any more nobody else does it.
create function lanes.batch_give_up(b bigint, who text, ttl_ms float8) returns int language plpgsql as $fn$
declare x lanes.batch;
begin
  select * into x from lanes.batch y where y.id = b and y.collector = who;
  if x.id is null then return 0; end if;
  return lanes.give_up(null, lanes.contact(x.contact, x.seen, ttl_ms), ttl_ms);
end $fn$;

create function lanes.give_up(me bigint, contact timestamptz, own_ttl_ms float8) returns int language plpgsql
set plan_cache_mode = force_custom_plan as $fn$
declare
  gone bigint[];
  b bigint;
begin
  -- A lease that lasts longer than its length was given before the clock was put back: it begins anew.
  update lanes.worker w set lease = lanes.clock() + w.ttl_ms * interval '1 ms'
    where not w.lost and w.lease > lanes.clock() + w.ttl_ms * interval '1 ms';
  with late as (
    select w.id from lanes.worker w
      where not w.lost and w.id is distinct from me and w.lease < lanes.clock()
        and lanes.clock() - give_up.contact > w.ttl_ms * interval '1 ms'
        and (w.ttl_ms >= own_ttl_ms or w.lease + own_ttl_ms * interval '1 ms' < lanes.clock())
      order by w.id for no key update skip locked
  ), g as (update lanes.worker w set lost = true from late where w.id = late.id and w.lease < lanes.clock() returning w.id)
  select array_agg(g.id) into gone from g;
  -- A claim of one of them that was under way has been waited for: only now can be seen what it took.
  for b in
    with back as (
      update lanes.job j set lost = j.lost + 1, state = case when j.lost + 1 >= 3 then 2 else 0 end,
          worker = null, claim = null, failed = j.lost + 1 >= 3, ended = lanes.clock(),
          result = case when j.lost + 1 >= 3 then jsonb_build_object('lost', j.lost + 1, 'exit', 1, 'owner', w.owner) end
        from lanes.worker w where w.lost and j.worker = w.id and j.state = 1
        returning j.batch, j.state
    ) select back.batch from back where back.state = 2
  loop
    perform pg_notify('lanes_ended', b::text);
    perform lanes.batch_count(b, array[true], array['{"exit": 1}'::jsonb]);
  end loop;
  if gone is not null then perform pg_notify('lanes_jobs', ''); end if;
  delete from lanes.worker w where w.lost and w.lease < lanes.clock() - interval '1 hour';
  delete from lanes.blob x where x.used < lanes.clock() - interval '30 days';
  -- What nobody has come for in a week.
  for b in select x.id from lanes.batch x
    where greatest(x.finished, x.seen) < lanes.clock() - interval '7 days' and (x.finished is not null or x.total is null) limit 10
  loop
    perform lanes.batch_remove(b, null);
  end loop;
  return coalesce(cardinality(gone), 0);
end $fn$;

-- Gives back jobs that are not going to be done here; begun or not: one that was not has not been tried. Bound to their claim: asked
-- again too late it does not take away what was handed out again.
create function lanes.job_give_back(me bigint, batches bigint[], seqs bigint[], attempts int[], claims bigint[], begun boolean[])
returns void language plpgsql as $fn$
begin
  update lanes.job j set state = 0, attempt = j.attempt - (not u.begun)::int, worker = null, claim = null
    from unnest(batches, seqs, attempts, claims, begun) as u(b, s, a, c, begun)
    where j.batch = u.b and j.seq = u.s and j.state = 1 and j.attempt = u.a and j.claim = u.c and j.worker = me;
  perform pg_notify('lanes_jobs', ''), pg_notify('lanes_ended', b::text) from (select distinct unnest(batches) as b) x;
end $fn$;

-- The worker ends in good order: what it may still have is anybody's.
create function lanes.worker_leave(me bigint) returns void language plpgsql as $fn$
begin
  perform 1 from lanes.worker w where w.id = me for no key update;
  update lanes.job j set state = 0, worker = null, claim = null where j.worker = me and j.state = 1;
  if found then perform pg_notify('lanes_jobs', ''); end if;
  delete from lanes.worker w where w.id = me;
end $fn$;

-- No more jobs of it are begun ('halted') or go on ('cancelled').
create function lanes.batch_stop(b bigint, how text, who text) returns void language plpgsql as $fn$
begin
  update lanes.batch x set state = how, finished = coalesce(x.finished, lanes.clock())
    where x.id = b and x.state in ('open', 'halted', 'done') and (who is null or x.collector = who);
  if not found then return; end if;
  perform pg_notify('lanes_jobs', 'stop'), pg_notify('lanes_ended', b::text);
end $fn$;

-- Whoever takes the results: nobody else does while he is there. False: somebody is.
create function lanes.batch_collect(b bigint, who text, ttl interval) returns boolean language plpgsql as $fn$
begin
  update lanes.batch x set collector = who, seen = lanes.clock() + ttl,
    contact = case when x.collector = who then lanes.contact(x.contact, x.seen, extract(epoch from ttl) * 1000) else lanes.clock() end
    where x.id = b and (x.collector is null or x.collector = who or x.seen < lanes.clock());
  if found then return true; end if;
  -- Longer than that he is not there without a word: the clock was put back.
  update lanes.batch x set seen = lanes.clock() + ttl where x.id = b and x.seen > lanes.clock() + ttl;
  return false;
end $fn$;

-- The results of these jobs have been taken. False: somebody else takes them by now, or the batch is gone.
create function lanes.job_take(b bigint, who text, seqs bigint[], ttl interval) returns boolean language plpgsql
set plan_cache_mode = force_custom_plan as $fn$
declare ok bigint; bad bigint;
begin
  perform 1 from lanes.batch x where x.id = b and x.collector = who for no key update;
  if not found then return false; end if;
  with d as (delete from lanes.job j where j.batch = b and j.seq = any(seqs) and j.state = 2 returning j.failed)
    select count(*) filter (where not d.failed), count(*) filter (where d.failed) into ok, bad from d;
  -- Only now is there nobody any more who puts down output of theirs (output_put holds the job).
  delete from lanes.output o where o.batch = b and o.seq = any(seqs);
  update lanes.batch x set taken_ok = x.taken_ok + ok, taken_failed = x.taken_failed + bad, seen = lanes.clock() + ttl,
    contact = lanes.contact(x.contact, x.seen, extract(epoch from ttl) * 1000) where x.id = b;
  return true;
end $fn$;

-- Something that belongs to batches, by its hash.
create function lanes.blob_put(h bytea, bytes bytea) returns void language sql as $fn$
  insert into lanes.blob values (h, bytes, lanes.clock()) on conflict (sha256) do update set used = excluded.used
$fn$;

create function lanes.blob_get(h bytea) returns bytea language sql as $fn$
  update lanes.blob set used = lanes.clock() where sha256 = h returning data
$fn$;

create function lanes.batch_remove(b bigint, who text) returns void language plpgsql as $fn$
begin
  delete from lanes.batch x where x.id = b and (who is null or x.collector = who);
  if not found then return; end if;
  delete from lanes.output o where o.batch = b;
  perform pg_notify('lanes_jobs', 'stop'), pg_notify('lanes_ended', b::text);
end $fn$;
`;
