// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// How the work on a task ended.
enum class TaskEnd {
  answered,       ///< text: the answer
  failed,         ///< the work threw; text: what it said
  crashed,        ///< the process died of a signal, or ended; text: which
  killed,         ///< of SIGKILL, which no program sends itself: somebody else, or the kernel
  timeout,        ///< text: how long it may take
  out_of_memory,  ///< text: how much it may have
};

struct TaskReport {
  std::size_t task = 0;
  TaskEnd end = TaskEnd::answered;
  std::string text;
};

/// Child processes that work on tasks. One that dies, hangs or grows too large costs the task that
/// it was at, and is replaced. They ignore SIGINT, and die with this process, however it dies.
class WorkerPool {
 public:
  struct Options {
    int count = 1;                 ///< processes, >= 1
    double timeout_s = 0.0;        ///< of a task; 0: none
    std::size_t memory_bytes = 0;  ///< address space of a process; 0: no limit
  };
  /// Runs in the children, and answers the question of a task.
  using Serve = std::function<std::string(std::string_view question)>;

  WorkerPool(const Options& options, Serve serve);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  /// How many tasks can be started now. A busy worker takes some more in advance, so that it
  /// need not wait for this process.
  std::size_t free_places() const;
  /// Whether a worker has nothing to do.
  bool has_idle() const;
  /// Tasks started and not yet reported.
  std::size_t under_way() const;

  /// Gives the task to the worker that has least to do. Throws std::system_error when the system
  /// has no process left.
  void start(std::size_t task, std::string question);

  /// Waits until something ends, at most `timeout_ms`, or until `wake_fd` can be read (-1: none).
  /// Tasks that were waiting for a worker that died go to its successor.
  std::vector<TaskReport> wait(int timeout_ms, int wake_fd = -1);

 private:
  using Clock = std::chrono::steady_clock;
  struct Task {
    std::size_t number = 0;
    std::string question;
  };
  struct Worker {
    pid_t pid = -1;
    int socket = -1;
    std::deque<Task> tasks;  ///< the first is being worked on
    Clock::time_point since;
  };
  static constexpr std::size_t kDepth = 4;

  void launch(Worker& worker);
  [[noreturn]] void serve_until_closed(int socket) const;
  bool send(Worker& worker, const Task& task);
  void read_answer(Worker& worker, std::vector<TaskReport>& reports);
  enum class Cause { gone, late, answered };
  void bury(Worker& worker, Cause cause, std::vector<TaskReport>& reports);
  void end_late(std::vector<TaskReport>& reports);
  int patience_ms(int timeout_ms) const;
  TaskReport autopsy(std::size_t task, int status, Cause cause) const;

  Options options_;
  Serve serve_;
  std::vector<Worker> workers_;
};

}  // namespace cli
