// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/worker_pool.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/base/messages.hpp"

namespace cli {
namespace {

enum class Tag : std::uint8_t { answer, failure };

/// Freed memory that a worker keeps for its next run, bytes: giving it back and asking anew took a
/// twelfth of a short run.
constexpr int kKeptBytes = 64 << 20;
constexpr int kOutOfMemory = 77;  ///< exit status of a worker that got no memory

[[noreturn]] void give_up_for_memory() { ::_exit(kOutOfMemory); }

std::string tagged(Tag tag, std::string_view text) {
  std::string message(1, static_cast<char>(tag));
  return message.append(text);
}

/// What a child must not share with its parent.
void become_worker(int socket, pid_t parent, std::size_t memory_bytes) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);  // the parent died before
  for (int number = 1; number < SIGRTMIN; ++number) std::signal(number, SIG_DFL);
  std::signal(SIGINT, SIG_IGN);  // the terminal sends it to all; the parent ends us
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // The others' sockets, which must close when the parent closes them, and the store.
  if (socket > STDERR_FILENO + 1) {
    ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(socket) - 1, 0);
  }
  ::close_range(static_cast<unsigned>(socket) + 1, ~0U, 0);
#ifdef M_TRIM_THRESHOLD
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  ::mallopt(M_TOP_PAD, kKeptBytes / 64);
#endif
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (memory_bytes > 0) {
    const rlimit limit{memory_bytes, memory_bytes};
    ::setrlimit(RLIMIT_AS, &limit);
    std::set_new_handler(give_up_for_memory);
  }
}

}  // namespace

WorkerPool::WorkerPool(const Options& options, Serve serve)
    : options_(options), serve_(std::move(serve)) {
  SIM_ASSERT(options.count >= 1, "work needs a worker");
  workers_.resize(static_cast<std::size_t>(options.count));
}

WorkerPool::~WorkerPool() {
  for (const Worker& worker : workers_) {
    if (worker.pid < 0) continue;
    ::kill(worker.pid, SIGKILL);
    ::close(worker.socket);
    while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

void WorkerPool::launch(Worker& worker) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  std::fflush(nullptr);  // what is not written yet would be written twice
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int error = errno;
    ::close(pair[0]);
    ::close(pair[1]);
    throw std::system_error(error, std::generic_category(), "fork");
  }
  if (pid == 0) {
    become_worker(pair[1], parent, options_.memory_bytes);
    serve_until_closed(pair[1]);
  }
  ::close(pair[1]);
  worker.pid = pid;
  worker.socket = pair[0];
}

void WorkerPool::serve_until_closed(int socket) const {
  std::string question;
  while (sim::receive_message(socket, question)) {
    std::string answer;
    bool failed = false;
    try {
      answer = tagged(Tag::answer, serve_(question));
    } catch (const std::bad_alloc&) {
      ::_exit(kOutOfMemory);
    } catch (const std::exception& error) {
      answer = tagged(Tag::failure, error.what());
      failed = true;
    }
    // Nobody knows in what state a failure has left this process.
    if (!sim::send_message(socket, answer) || failed) break;
  }
  ::_exit(0);  // none of the parent's buffers and files are this process's to flush
}

std::size_t WorkerPool::free_places() const {
  std::size_t places = 0;
  for (const Worker& worker : workers_) places += kDepth - worker.tasks.size();
  return places;
}

bool WorkerPool::has_idle() const {
  return std::any_of(workers_.begin(), workers_.end(),
                     [](const Worker& worker) { return worker.tasks.empty(); });
}

std::size_t WorkerPool::under_way() const {
  std::size_t tasks = 0;
  for (const Worker& worker : workers_) tasks += worker.tasks.size();
  return tasks;
}

void WorkerPool::start(std::size_t task, std::string question) {
  const auto worker = std::min_element(
      workers_.begin(), workers_.end(),
      [](const Worker& a, const Worker& b) { return a.tasks.size() < b.tasks.size(); });
  SIM_ASSERT(worker->tasks.size() < kDepth, "a task needs a free place");
  if (worker->pid < 0) launch(*worker);
  if (worker->tasks.empty()) worker->since = Clock::now();
  worker->tasks.push_back({task, std::move(question)});
  // One that has died meanwhile is found by wait().
  send(*worker, worker->tasks.back());
}

bool WorkerPool::send(Worker& worker, const Task& task) {
  return sim::send_message(worker.socket, task.question);
}

int WorkerPool::patience_ms(int timeout_ms) const {
  if (options_.timeout_s <= 0) return timeout_ms;
  double least_s = timeout_ms / 1000.0;
  for (const Worker& worker : workers_) {
    if (worker.tasks.empty()) continue;
    const std::chrono::duration<double> used = Clock::now() - worker.since;
    least_s = std::min(least_s, options_.timeout_s - used.count());
  }
  return static_cast<int>(std::ceil(std::max(least_s, 0.0) * 1000));
}

std::vector<TaskReport> WorkerPool::wait(int timeout_ms, int wake_fd) {
  std::vector<TaskReport> reports;
  std::vector<pollfd> sockets;
  sockets.reserve(workers_.size() + 1);
  for (const Worker& worker : workers_) {
    sockets.push_back({worker.tasks.empty() ? -1 : worker.socket, POLLIN, 0});
  }
  sockets.push_back({wake_fd, POLLIN, 0});
  if (::poll(sockets.data(), sockets.size(), patience_ms(timeout_ms)) > 0) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (sockets[i].revents != 0) read_answer(workers_[i], reports);
    }
  }
  end_late(reports);
  return reports;
}

void WorkerPool::read_answer(Worker& worker, std::vector<TaskReport>& reports) {
  std::string message;
  if (!sim::receive_message(worker.socket, message) || message.empty()) {
    bury(worker, Cause::gone, reports);
    return;
  }
  const bool failed = static_cast<Tag>(message[0]) == Tag::failure;
  reports.push_back({worker.tasks.front().number, failed ? TaskEnd::failed : TaskEnd::answered,
                     message.substr(1)});
  worker.tasks.pop_front();
  worker.since = Clock::now();
  // It ends itself; the next task, if it has one, is its successor's.
  if (failed) bury(worker, Cause::answered, reports);
}

void WorkerPool::end_late(std::vector<TaskReport>& reports) {
  if (options_.timeout_s <= 0) return;
  for (Worker& worker : workers_) {
    const std::chrono::duration<double> used = Clock::now() - worker.since;
    if (worker.tasks.empty() || used.count() < options_.timeout_s) continue;
    pollfd socket{worker.socket, POLLIN, 0};
    if (::poll(&socket, 1, 0) > 0) continue;  // it has just come in
    ::kill(worker.pid, SIGKILL);
    bury(worker, Cause::late, reports);
  }
}

void WorkerPool::bury(Worker& worker, Cause cause, std::vector<TaskReport>& reports) {
  int status = 0;
  while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  ::close(worker.socket);
  worker.pid = -1;
  worker.socket = -1;
  if (!worker.tasks.empty() && cause != Cause::answered) {
    reports.push_back(autopsy(worker.tasks.front().number, status, cause));
    worker.tasks.pop_front();
  }
  if (worker.tasks.empty()) return;
  launch(worker);
  worker.since = Clock::now();
  for (const Task& task : worker.tasks) send(worker, task);
}

TaskReport WorkerPool::autopsy(std::size_t task, int status, Cause cause) const {
  if (cause == Cause::late) {
    return {task, TaskEnd::timeout, fmt::format("took longer than {} s", options_.timeout_s)};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory) {
    return {task, TaskEnd::out_of_memory,
            options_.memory_bytes == 0
                ? std::string("the system had no memory left")
                : fmt::format("needed more than {} MiB", options_.memory_bytes >> 20U)};
  }
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return {task, number == SIGKILL ? TaskEnd::killed : TaskEnd::crashed,
            fmt::format("signal {} ({})", number, ::strsignal(number))};
  }
  return {task, TaskEnd::crashed, fmt::format("exit status {}", WEXITSTATUS(status))};
}

}  // namespace cli
