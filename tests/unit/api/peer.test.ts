/**
 * CPython's own tests of multiprocessing (_test_multiprocessing at 3.13) and of concurrent.futures (at 3.14): each that concerns
 * processes, and what they share, is answered by a test that has its name in its title (`Class.test_name, test_another: …`), or left
 * out for a reason. The behaviour was written anew.
 */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { root } from "../../support/root.ts";

const ONE_WAY = "there is one way to start a process, and nothing to choose";
const PYTHON = "about Python's own inside: ";
const REFERENCES = `${PYTHON}reference counts`;
const FUTURES = "a future is a promise, whose states JavaScript's own tests look after";

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
    _TestQueue: {
      answered: `test_put test_get test_qsize test_task_done test_timeout test_queue_feeder_donot_stop_onexc
      test_queue_feeder_on_queue_feeder_error test_closed_queue_put_get_exceptions`,
      left: {
        test_fork: "there is no fork",
        test_no_import_lock_contention: `${PYTHON}the lock of imports`,
        test_closed_queue_empty_exceptions: "a closed queue still has a size",
      },
    },
    TestSimpleQueue: {
      answered: "test_empty",
      left: {
        test_close: "a queue is one class, and tests of it are _TestQueue's",
        test_empty_exceptions: "a closed queue still has a size",
        test_closed_queue_exceptions: "as _TestQueue.test_closed_queue_put_get_exceptions",
      },
    },
    _TestConnection: {
      answered: "test_connection test_duplex_false test_spawn_close test_context",
      left: {
        test_sendbytes: "a Uint8Array is a value as any other",
        test_fd_transfer: "node:net, Bun.listen do it",
        test_large_fd_transfer: "node:net, Bun.listen do it",
        test_missing_fd_transfer: "node:net, Bun.listen do it",
      },
    },
    _TestPool: {
      answered: `test_apply test_map test_starmap test_starmap_async test_map_async test_map_async_callbacks test_map_unplicklable
      test_map_chunksize test_map_handle_iterable_exception test_async test_async_timeout test_imap
      test_imap_handle_iterable_exception test_imap_unordered test_imap_unordered_handle_iterable_exception test_make_pool
      test_terminate test_empty_iterable test_context test_traceback test_map_no_failfast test_enter`,
      left: {
        test_wrapped_exception: "of pools of threads",
        test_release_task_refs: REFERENCES,
        test_resource_warning: REFERENCES,
      },
    },
    _TestPoolWorkerErrors: { answered: "test_async_error_callback test_unpickleable_result" },
    _TestPoolWorkerLifetime: {
      answered: `test_pool_worker_lifetime test_pool_worker_lifetime_early_close test_pool_maxtasksperchild_invalid
      test_worker_finalization_via_atexit_handler_of_multiprocessing`,
    },
    TestPoolNotLeakOnFailure: { answered: "test_release_unused_processes" },
    TestInitializers: {
      answered: "test_pool_initializer",
      left: { test_manager_initializer: "there is no Manager" },
    },
    ExecutorTest: {
      answered: `test_submit test_submit_keyword test_map test_map_exception test_map_timeout test_shutdown_race_issue12456
      test_max_workers_negative`,
      left: { test_no_stale_references: REFERENCES, test_free_reference: REFERENCES },
    },
    ExecutorDeadlockTest: {
      answered: `test_error_at_task_pickle test_exit_at_task_unpickle test_error_at_task_unpickle test_crash_at_task_unpickle
      test_crash_during_func_exec_on_worker test_exit_during_func_exec_on_worker test_error_during_func_exec_on_worker
      test_crash_during_result_pickle_on_worker test_exit_during_result_pickle_on_worker
      test_error_during_result_pickle_on_worker test_shutdown_deadlock test_shutdown_deadlock_pickle test_crash_big_data`,
      left: {
        test_error_during_result_unpickle_in_result_handler: "to decode a result runs no code of the program's",
        test_exit_during_result_unpickle_in_result_handler: "to decode a result runs no code of the program's",
        test_gh105829_should_not_deadlock_if_wakeup_pipe_full: `${PYTHON}the thread of an executor`,
      },
    },
    ProcessPoolExecutorTest: {
      answered: `test_killed_child test_broken_process_pool_traceback test_map_chunksize test_traceback
      test_traceback_when_child_process_terminates_abruptly test_saturation test_idle_process_reuse_one test_max_tasks_per_child
      test_max_tasks_per_child_pending_tasks_gh115634 test_shutdown_no_wait_max_tasks_gh119592`,
      left: {
        test_max_workers_too_large: "of Windows",
        test_ressources_gced_in_workers: REFERENCES,
        test_idle_process_reuse_multiple: "all workers are started at once",
        test_max_tasks_per_child_defaults_to_spawn_context: ONE_WAY,
      },
    },
    ExecutorShutdownTest: {
      answered: `test_run_after_shutdown test_interpreter_shutdown test_submit_after_interpreter_shutdown test_hang_issue12364
      test_cancel_futures test_hang_gh83386 test_hang_gh94440`,
    },
    ProcessPoolShutdownTest: {
      answered: `test_processes_terminate test_context_manager_shutdown test_shutdown_no_wait test_shutdown_gh_132969_case_1`,
      left: {
        test_del_shutdown: REFERENCES,
        test_shutdown_gh_132969_case_2: "as case 1, with more workers",
      },
    },
    InitializerMixin: { answered: "test_initializer" },
    FailingInitializerMixin: { answered: "test_initializer" },
    AsCompletedTests: {
      answered: "test_no_timeout test_future_times_out test_duplicate_futures",
      left: { test_free_reference_yielded_future: REFERENCES, test_correct_timeout_exception_msg: FUTURES },
    },
    WaitTests: {
      answered: "test_20369 test_first_completed test_first_exception test_all_completed test_timeout",
      left: {
        test_first_completed_some_already_completed: FUTURES,
        test_first_exception_some_already_complete: FUTURES,
        test_first_exception_one_already_failed: FUTURES,
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
  const cwd = join(root, "tests");
  for (const file of new Bun.Glob("{unit,process,e2e}/**/*.test.ts").scanSync({ cwd, absolute: true })) {
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
  expect(wrong).toEqual([]);
});
