/**
 * CPython's own tests of multiprocessing (_test_multiprocessing at 3.13) that concern processes and what they share: each is
 * answered by a test that has its name in its title (`Class.test_name, test_another: …`), or left out for a reason. The behaviour
 * was written anew; queues and pools are counted where they are tested.
 */
import { expect, test } from "bun:test";
import { join } from "node:path";

const ONE_WAY = "there is one way to start a process, and nothing to choose";
const PYTHON = "about Python's own inside: ";

/** The tests of a class that are answered, and why others are not. */
const peer: Readonly<Record<string, { readonly answered: string; readonly left?: Readonly<Record<string, string>> }>> =
  {
    _TestProcess: {
      answered: `test_current test_args_argument test_daemon_argument test_parent_process_attributes test_process test_terminate test_kill
      test_cpu_count test_active_children test_recursion test_sentinel test_many_processes test_child_fd_inflation
      test_wait_for_threads test_forkserver_sigint`,
      left: {
        test_set_executable: "the executable is lanes",
        test_process_mainthread_native_id: `${PYTHON}numbers of threads`,
        test_close: "a Process has nothing to close",
        test_lose_target_ref: `${PYTHON}reference counts`,
        test_error_on_stdio_flush_1: `${PYTHON}file objects on stdout`,
        test_error_on_stdio_flush_2: `${PYTHON}file objects on stdout`,
        test_forkserver_sigkill: ONE_WAY,
      },
    },
    _TestSubclassingProcess: { answered: "test_subclassing test_stderr_flush test_sys_exit" },
    _TestLock: { answered: "test_repr_lock test_lock test_repr_rlock test_rlock test_lock_context" },
    _TestSemaphore: { answered: "test_semaphore test_bounded_semaphore test_timeout" },
    _TestCondition: {
      answered:
        "test_notify test_notify_all test_notify_n test_timeout test_waitfor test_waitfor_timeout test_wait_result",
    },
    _TestEvent: { answered: "test_event test_repr" },
    _TestBarrier: {
      answered: `test_barrier test_barrier_10 test_wait_return test_action test_abort test_reset test_abort_and_reset test_timeout
      test_default_timeout test_single_thread test_thousand`,
    },
    _TestValue: { answered: "test_value test_rawvalue test_getobj_getlock" },
    _TestArray: { answered: "test_array test_array_from_size test_rawarray test_getobj_getlock_obj" },
    _TestSharedCTypes: {
      answered: "test_sharedctypes test_synchronize",
      left: { test_copy: `${PYTHON}copies of ctypes` },
    },
    SemLockTests: { answered: "test_semlock_subclass" },
    TestNoForkBomb: { answered: "test_noforkbomb" },
    TestCloseFds: { answered: "test_closefd" },
    TestStdinBadfiledescriptor: { answered: "test_flushing" },
    TestIgnoreEINTR: { answered: "test_ignore", left: { test_ignore_listener: "node:net, Bun.listen do it" } },
    TestStartMethod: {
      answered: "test_nested_startmethod",
      left: {
        test_context: ONE_WAY,
        test_spawn_dont_set_context: ONE_WAY,
        test_freeze_support_dont_set_context: ONE_WAY,
        test_context_check_module_types: ONE_WAY,
        test_set_get: ONE_WAY,
        test_get_all: ONE_WAY,
        test_preload_resources: ONE_WAY,
        test_mixed_startmethod: ONE_WAY,
      },
    },
    TestResourceTracker: {
      answered: `test_resource_tracker_sigint test_resource_tracker_sigterm test_resource_tracker_sigkill
      test_resource_tracker_exit_code`,
      left: {
        test_resource_tracker_reused: "there is no tracker: the kernel says who is gone",
        test_too_long_name_resource: "nothing is named by the program",
        test_resource_tracker_blocked_signals: "there is no tracker",
        test_resource_tracker_fork_deadlock: "there is no fork",
        test_resource_tracker_mp_fork_reuse_and_prompt_reap: "there is no fork",
        test_resource_tracker_raw_fork_prompt_reap: "there is no fork",
        test_resource_tracker_lock_reinit_after_fork: "there is no fork",
        test_resource_tracker_safety_net_timeout: "there is no tracker",
      },
    },
    TestNamedResource: { answered: "test_global_named_resource_spawn" },
    _TestAtExit: { answered: "test_atexit" },
    _TestSpawnedSysPath: {
      answered: "test_child_sys_path",
      left: {
        test_forkserver_preload_imports_sys_path: ONE_WAY,
        test_std_streams_flushed_after_preload: ONE_WAY,
      },
    },
    _TestImportStar: { answered: "test_import" },
    MiscTestCase: {
      answered: "test__all__",
      left: {
        test_spawn_sys_executable_none_allows_import: "the executable is lanes",
        test_forked_thread_not_started: "there is no fork",
        test_preload_main: ONE_WAY,
        test_preload_main_sys_argv: ONE_WAY,
        test_preload_main_large_sys_argv: ONE_WAY,
      },
    },
    TestWait: {
      answered: "test_wait test_wait_slow test_wait_timeout test_neg_timeout",
      left: {
        test_wait_socket: "Promise.race waits for anything",
        test_wait_socket_slow: "Promise.race waits for anything",
        test_wait_integer: "a descriptor is no promise",
      },
    },
  };

/** The names in titles of tests: `Class.test_one, test_two` says the class once. */
async function titled(): Promise<Set<string>> {
  const names = new Set<string>();
  const root = join(import.meta.dir, "../..");
  for (const file of new Bun.Glob("{unit,process,e2e}/**/*.test.ts").scanSync({ cwd: root, absolute: true })) {
    if (file === import.meta.path) continue;
    for (const [, title = ""] of (await Bun.file(file).text()).matchAll(
      /^\s*(?:test(?:\.\w+\(.*\))?\(\s*)?"([^"\n]*\.test_[^"\n]*)/gm,
    )) {
      let group = "";
      for (const [, type, name] of title.matchAll(/(?:(\w+)\.)?(test_\w+)/g)) {
        group = type ?? group;
        names.add(`${group}.${name}`);
      }
    }
  }
  return names;
}

const words = (text: string) => text.split(/\s+/).filter(Boolean);
const answered = Object.entries(peer).flatMap(([type, { answered }]) =>
  words(answered).map((name) => `${type}.${name}`),
);
const left = Object.values(peer).flatMap((each) => Object.keys(each.left ?? {}));

test(`${answered.length} of CPython's tests are answered, ${left.length} are left out for a reason`, async () => {
  const names = await titled();
  expect(answered.filter((name) => !names.has(name))).toEqual([]);
  // Nor does a title name one of these classes and no test of it.
  const known = new Set(answered);
  const wrong = [...names].filter((name) => Object.hasOwn(peer, name.split(".")[0] ?? "") && !known.has(name));
  expect(wrong.filter((name) => !/queue|pool/.test(name))).toEqual([]);
});
