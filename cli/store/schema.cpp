// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>
#include <vector>

#include "cli/errors.hpp"
#include "cli/fd_stream.hpp"
#include "cli/store/queries.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE study (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL,             -- the study file, as it was named
  version TEXT NOT NULL           -- of the model that swept it last
);
CREATE TABLE factor (
  study INTEGER NOT NULL REFERENCES study,
  position INTEGER NOT NULL,      -- column order, from 0
  name TEXT NOT NULL,             -- dotted path of the scenario
  PRIMARY KEY (study, position)
) WITHOUT ROWID;
CREATE TABLE point (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,      -- of the scenario without seed, name, expectations
  scenario TEXT NOT NULL          -- effective scenario, canonical JSON
);
CREATE TABLE study_point (
  study INTEGER NOT NULL REFERENCES study,
  position INTEGER NOT NULL,      -- order of the points, from 0
  point INTEGER NOT NULL REFERENCES point,
  seed INTEGER NOT NULL,
  command TEXT NOT NULL,          -- makes a run again, with --replication N
  PRIMARY KEY (study, position)
) WITHOUT ROWID;
CREATE TABLE setting (
  study INTEGER NOT NULL REFERENCES study,
  position INTEGER NOT NULL,      -- of study_point
  factor INTEGER NOT NULL,        -- position of factor
  text TEXT NOT NULL,             -- the value as shown
  number REAL,                    -- when it is a number
  PRIMARY KEY (study, position, factor)
) WITHOUT ROWID;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  point INTEGER NOT NULL REFERENCES point,
  seed INTEGER NOT NULL,
  replication INTEGER NOT NULL,   -- from 0
  version TEXT NOT NULL,          -- of the model
  status TEXT NOT NULL,
  reason TEXT NOT NULL,           -- empty when ok
  fingerprint TEXT NOT NULL,      -- empty when the run failed
  wall_s REAL NOT NULL,           -- what it cost; no result
  metrics TEXT NOT NULL,          -- JSON object: value by id of metric; see the view `value`
  report BLOB,                    -- report JSON, zlib; sqlar_uncompress(report, report_bytes)
  report_bytes INTEGER NOT NULL,
  UNIQUE (point, version, seed, replication)
);
CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,      -- dotted path in the report
  unit TEXT NOT NULL
);
CREATE VIEW value AS
  SELECT run.id AS run, metric.id AS metric, item.value AS value
  FROM run JOIN json_each(run.metrics) AS item JOIN metric ON metric.id = CAST(item.key AS INTEGER);
CREATE VIEW result AS
  SELECT study.name AS study, study_point.position AS position, point.hash AS point,
         run.replication AS replication, run.seed AS seed, run.status AS status,
         run.reason AS reason, run.fingerprint AS fingerprint,
         study_point.command || ' --replication ' || run.replication AS rerun, run.id AS run
  FROM study JOIN study_point ON study_point.study = study.id
       JOIN point ON point.id = study_point.point
       JOIN run ON run.point = study_point.point AND run.version = study.version
                   AND run.seed = study_point.seed;
CREATE VIEW measurement AS
  SELECT result.study, result.point, result.replication, metric.path AS metric,
         value.value AS value, metric.unit AS unit, result.run
  FROM result JOIN value ON value.run = result.run JOIN metric ON metric.id = value.metric;
)sql";

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kIdOffset = 68;  ///< of the application id in the header, big-endian
constexpr std::size_t kHeaderBytes = 100;
/// A run takes about 14 KiB: in pages of 4 KiB, a commit and the log's end make four times the
/// calls.
constexpr int kPageBytes = 16384;
constexpr int kPatienceMs = 10000;  ///< for another process that is about to commit

[[noreturn]] void refuse(const std::string& path, const std::string& found,
                         std::string_view remedy) {
  throw UsageError(
      fmt::format("store {}: found {}; allowed: a store of sockbufsim{}. It was left "
                  "untouched",
                  path, found, remedy));
}

std::string header_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw UsageError(fmt::format("store {}: {}", path, std::strerror(errno)));
  struct stat status {};
  ::fstat(fd, &status);
  std::array<char, kHeaderBytes> header{};
  const ssize_t got = S_ISREG(status.st_mode) ? ::pread(fd, header.data(), header.size(), 0) : -1;
  ::close(fd);
  if (!S_ISREG(status.st_mode)) refuse(path, "no regular file", "");
  return {header.data(), static_cast<std::size_t>(got < 0 ? 0 : got)};
}

/// By the bytes alone, because SQLite may change a file that it merely looks at.
void check_header(const std::string& path) {
  const std::string header = header_of(path);
  if (header.empty()) refuse(path, "an empty file", ", which `sweep` makes");
  if (!std::string_view(header).starts_with(kMagic)) refuse(path, "a file of another kind", "");
  if (header.size() < kHeaderBytes) refuse(path, "a damaged store, cut off", "");
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    id = id << 8U | static_cast<unsigned char>(header[kIdOffset + i]);
  }
  if (id != static_cast<std::uint32_t>(kStoreApplicationId)) {
    refuse(path, "an SQLite database of another program", "");
  }
}

void check_format(sqlite::Database& database, const std::string& path) {
  const std::int64_t format = database.number("PRAGMA user_version");
  if (format > kStoreFormat) {
    refuse(path, fmt::format("format {} of a newer sockbufsim", format),
           fmt::format(" of format {}: use that newer program, or `sweep` into a new store",
                       kStoreFormat));
  }
  if (format < kStoreFormat) {
    refuse(path, fmt::format("format {} of an older sockbufsim", format),
           fmt::format(" of format {}: `sweep` into a new store", kStoreFormat));
  }
}

using Columns = std::vector<std::string>;

/// Tables and views by name.
std::map<std::string, Columns> shape_of(sqlite::Database& database) {
  std::map<std::string, Columns> shape;
  sqlite::Statement rows(database,
                         "SELECT master.name, info.name FROM sqlite_master AS master JOIN "
                         "pragma_table_info(master.name) AS info WHERE master.type IN ('table', "
                         "'view')");
  while (rows.step()) shape[rows.text(0)].push_back(rows.text(1));
  return shape;
}

/// Whether all tables, views and columns are there.
void check_shape(sqlite::Database& database) {
  sqlite::Database wanted(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  wanted.execute(kTables);
  // A table first: without it the views upon it cannot be looked at.
  for (const char* const kind : {"table", "view"}) {
    sqlite::Statement names(wanted, "SELECT name FROM sqlite_master WHERE type = ?");
    names.bind(1, std::string_view(kind));
    while (names.step()) {
      sqlite::Statement found(database, "SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?");
      found.bind(1, std::string_view(kind)).bind(2, names.text(0));
      if (!found.step()) throw_damaged(fmt::format("there is no {} {}", kind, names.text(0)));
    }
  }
  const std::map<std::string, Columns> shape = shape_of(database);
  for (const auto& [name, columns] : shape_of(wanted)) {
    const Columns& there = shape.at(name);
    for (const std::string& column : columns) {
      if (std::find(there.begin(), there.end(), column) == there.end()) {
        throw_damaged(fmt::format("table {}: there is no column {}", name, column));
      }
    }
  }
}

enum class Depth { tables, runs };

std::unique_ptr<sqlite::Database> open_checked(const std::string& path, int flags, Depth depth) {
  auto database =
      std::make_unique<sqlite::Database>(path, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE);
  // Nothing may be moved from the log into a file that turns out to be damaged.
  sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(database->handle(), kPatienceMs);
  check_format(*database, path);
  const std::string check = database->text("PRAGMA quick_check(1)");
  if (check != "ok") refuse(path, "a damaged store (" + check + ")", "");
  check_shape(*database);
  if (depth == Depth::runs) check_runs(*database);
  sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return database;
}

/// An empty store as bytes.
std::string empty_store() {
  sqlite::Database database(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  database.execute(
      fmt::format("PRAGMA page_size = {}; PRAGMA application_id = {}; PRAGMA user_version = {};",
                  kPageBytes, kStoreApplicationId, kStoreFormat));
  database.execute(kTables);
  database.execute(kFactorUnitTable);
  sqlite3_int64 bytes = 0;
  unsigned char* data = sqlite3_serialize(database.handle(), "main", &bytes, 0);
  if (data == nullptr) throw std::bad_alloc();
  std::string image(reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes));
  sqlite3_free(data);
  return image;
}

int write_image(int fd, const std::string& image) {
  FdBuffer buffer(fd);
  buffer.sputn(image.data(), static_cast<std::streamsize>(image.size()));
  const int error = buffer.finish();
  if (error != 0) return error;
  return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

bool is_store_file(const std::string& path) {
  std::array<char, kMagic.size()> head{};
  std::ifstream file(path, std::ios::binary);
  return file.read(head.data(), head.size()) &&
         std::string_view(head.data(), head.size()) == kMagic;
}

void refuse_store(const std::string& path, const std::string& allowed) {
  if (!is_store_file(path)) return;
  throw UsageError(fmt::format(
      "{}: found a store of results (SQLite); allowed: {}. `sockbufsim export`, `plot`, `compare` "
      "and `merge` take stores, `sweep STUDY --store {}` adds to one",
      path, allowed, path));
}

void create_store(const std::string& path) {
  std::string scratch = path + ".XXXXXX";
  const int fd = ::mkostemp(scratch.data(), O_CLOEXEC);
  if (fd < 0) throw UsageError(fmt::format("store {}: {}", path, std::strerror(errno)));
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666U & ~mask);
  int error = write_image(fd, empty_store());
  ::close(fd);
  // A link, unlike a rename, cannot replace a store that another process has just made.
  if (error == 0 && ::link(scratch.c_str(), path.c_str()) != 0 && errno != EEXIST) error = errno;
  ::unlink(scratch.c_str());
  if (error != 0) {
    throw UsageError(fmt::format("store {}: cannot create it: {}", path, std::strerror(error)));
  }
}

std::unique_ptr<sqlite::Database> open_store_to_read(const std::string& path) {
  check_header(path);
  try {
    return open_checked(path, SQLITE_OPEN_READONLY, Depth::tables);
  } catch (const sqlite::Error& error) {
    if (error.code() != SQLITE_READONLY) throw_store_failure(path, error, false);
  }
  // A sweep was killed, and SQLite must write to set right what that left half done.
  try {
    return open_checked(path, SQLITE_OPEN_READWRITE, Depth::tables);
  } catch (const sqlite::Error& error) {
    throw_store_failure(path, error, false);
  }
}

std::unique_ptr<sqlite::Database> open_store_to_write(const std::string& path) {
  check_header(path);
  try {
    return open_checked(path, SQLITE_OPEN_READWRITE, Depth::runs);
  } catch (const sqlite::Error& error) {
    throw_store_failure(path, error, true);
  }
}

void throw_store_failure(const std::string& path, const sqlite::Error& error, bool writing) {
  switch (error.code()) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      refuse(path, fmt::format("a damaged store ({})", error.what()), "");
    case SQLITE_FULL:
      throw UsageError(fmt::format(
          "store {}: no space left on the disk. What had been reported done is kept: make space "
          "and start the same command again",
          path));
    case SQLITE_BUSY:
      throw UsageError(fmt::format("store {}: another process is writing to it; try later", path));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw UsageError(fmt::format("store {}: cannot {} it: {}", path, writing ? "write" : "read",
                                   error.what()));
    default:
      throw sim::InternalError(fmt::format("store {}: {}", path, error.what()));
  }
}

}  // namespace cli
