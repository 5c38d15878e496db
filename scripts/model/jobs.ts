#!/usr/bin/env bun
/**
 * Checks the protocol by which the workers of a farm share its jobs (src/farm/jobs/) exhaustively, in two halves.
 *
 * model/hand-out.ts: who has which job. Every interleaving of two workers and the database. A request may be carried out at any
 * later moment, or never, and be sent again before that; its answer may not be heard. A worker may be killed, and anybody be given
 * up at any moment, even if well: being stopped, or slow, or cut off, is that and an interleaving.
 *
 *   one result     of each job one result is accepted, that of the attempt that has it; no attempt is begun twice
 *   is told        who has not been given up has the jobs that it believes to have: what it gave back, and only that, is taken away
 *   nothing lost   from every state that can be reached, without a further fault, every job can be done by those alive: no job
 *                  is in the name of somebody alive who does not know of it
 *
 * model/contact.ts: who may be given up. There is time, and the database is away for any time.
 *
 *   not the well   whoever renews when the database is there is not given up, however long it was away
 *   but the gone   whoever is gone can always be given up
 *
 * Its assumptions about time are said there. And it checks itself: mutants, each without one of the steps that look superfluous,
 * must be found out.
 *
 * That a result is collected, and its row removed, is left out: for everybody who completes it that is a refusal that ends the matter.
 * Each statement is one step, as it is for two transactions that lock the same row: a worker's claims and whoever gives it up lock
 * its row first, and look at the jobs in a statement of its own after that (see the mutants no-lock and one-statement).
 */
import { run } from "./command.ts";
import { type ContactMutant, type ContactSetup, contact } from "./contact.ts";
import { check } from "./explore.ts";
import { type HandOutMutant, type HandOutSetup, handOut } from "./hand-out.ts";

const usage = `Usage: scripts/model/jobs.ts [--world NAME] [--mutant NAME]

Without options: the protocol in every world (must be safe), then the mutants (must not).
  --world NAME   jobs: two jobs
                 retries: jobs are given back, fail and are tried again, one who is well is given up
                 kills: a worker is killed, one who is well is given up
                 alone: one worker, two jobs
                 even, shorter, longer: when to give up another one whose lease is as long as one's own, shorter, longer
  --mutant NAME  says-again: a claim is looked up because it says that it is a repetition, not by its number
                 forgets-claims: who does not hear what it got asks with a new number
                 no-lock: a claim does not lock the worker's row
                 one-statement: who gives up others sees their jobs as they were before it had the lock
                 revives: a renewal takes back that one was given up
                 completes-any-attempt: the result of any attempt of the worker is accepted
                 gives-back-any: giving back asks only whether the worker has the job
                 gives-back-by-attempt: and for the attempt, but not by which claim
                 server-start: contact counts from when the database was started, as its recovery began
                 told-by-client: contact is counted by the worker, from when its first renewal was sent
                 late-request: by the worker, from the answer, and the request to give up others comes when it comes
                 no-gaps: contact is not counted anew after an outage
                 no-contact: whose lease is over is given up
                 own-lease: contact for one's own lease is enough
                 shorter-at-once: shorter leases than one's own are over when they are over
`;

const none: HandOutSetup = { workers: 2, jobs: 1, kills: 0, givenUp: 0, failures: 0, givesBack: false };
const handOuts = {
  jobs: { ...none, jobs: 2, givenUp: 1 },
  retries: { ...none, givenUp: 1, failures: 1, givesBack: true },
  kills: { ...none, kills: 1, givenUp: 1 },
  alone: { ...none, workers: 1, jobs: 2, failures: 1, givesBack: true },
} satisfies Record<string, HandOutSetup>;
const contacts = {
  even: { mine: 12, theirs: 12 },
  shorter: { mine: 12, theirs: 6 },
  longer: { mine: 6, theirs: 12 },
} satisfies Record<string, ContactSetup>;
type World = keyof typeof handOuts | keyof typeof contacts;

const mutants: Record<HandOutMutant | ContactMutant, World> = {
  "says-again": "alone",
  "forgets-claims": "alone",
  "no-lock": "alone",
  "one-statement": "kills",
  revives: "retries",
  "completes-any-attempt": "retries",
  "gives-back-any": "retries",
  "gives-back-by-attempt": "retries",
  "server-start": "even",
  "told-by-client": "even",
  "late-request": "even",
  "no-gaps": "even",
  "no-contact": "even",
  "own-lease": "longer",
  "shorter-at-once": "shorter",
};

process.exitCode = run({
  usage,
  worlds: [...Object.keys(handOuts), ...Object.keys(contacts)] as World[],
  mutants,
  check: (name, world, mutant) =>
    world in handOuts
      ? check(
          name,
          handOut({ ...handOuts[world as keyof typeof handOuts], mutant: mutant as HandOutMutant }),
          mutant !== undefined,
        )
      : check(
          name,
          contact({ ...contacts[world as keyof typeof contacts], mutant: mutant as ContactMutant }),
          mutant !== undefined,
        ),
});
