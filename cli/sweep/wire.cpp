// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/wire.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/base/assert.hpp"

namespace cli {
namespace {

class Packer {
 public:
  template <class T>
  void number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes_.append(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(number<std::uint64_t>())); }

 private:
  std::string_view take(std::size_t count) {
    SIM_ASSERT(count <= bytes_.size(), "a worker's message is whole");
    const std::string_view part = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return part;
  }
  std::string_view bytes_;
};

}  // namespace

std::string pack(const RunTask& task) {
  Packer packer;
  packer.number<std::uint64_t>(task.point);
  packer.number(task.replication);
  return packer.take();
}

RunTask unpack_task(std::string_view bytes) {
  Unpacker unpacker(bytes);
  RunTask task;
  task.point = unpacker.number<std::uint64_t>();
  task.replication = unpacker.number<int>();
  return task;
}

std::string pack(const StoredRun& run) {
  Packer packer;
  packer.text(run.point);
  packer.number(run.seed);
  packer.number(run.replication);
  for (const std::string* text : {&run.status, &run.reason, &run.fingerprint}) packer.text(*text);
  packer.number(run.wall_s);
  packer.text(run.metrics.names());
  packer.text(run.metrics.values());
  packer.text(run.report);
  packer.number<std::uint64_t>(run.report_bytes);
  return packer.take();
}

StoredRun unpack_run(std::string_view bytes) {
  Unpacker unpacker(bytes);
  StoredRun run;
  run.point = unpacker.text();
  run.seed = unpacker.number<std::int64_t>();
  run.replication = unpacker.number<int>();
  for (std::string* text : {&run.status, &run.reason, &run.fingerprint}) *text = unpacker.text();
  run.wall_s = unpacker.number<double>();
  std::string names = unpacker.text();
  run.metrics = StoredMetrics(std::move(names), unpacker.text());
  run.report = unpacker.text();
  run.report_bytes = unpacker.number<std::uint64_t>();
  return run;
}

}  // namespace cli
