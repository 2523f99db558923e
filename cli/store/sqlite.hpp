// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite, as far as the store needs it.
namespace cli::sqlite {

/// What SQLite refused to do. Escapes only where it is a bug of ours: open_store() and the like
/// turn what a user can put right into UsageError.
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }  ///< primary result code (SQLITE_FULL)

 private:
  int code_;
};

class Database {
 public:
  /// `flags`: SQLITE_OPEN_...; `file` may be a URI.
  Database(const std::string& file, int flags);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  void execute(const std::string& sql);
  /// The first column of the first row.
  std::string text(const std::string& sql);
  std::int64_t number(const std::string& sql);
  std::int64_t last_id() const;
  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Parameters count from 1.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind_blob(int parameter, const std::string& value);
  Statement& bind_null(int parameter);

  /// Whether there is a row. After the last one the statement can be bound and run again.
  bool step();
  /// Runs a statement without rows.
  void run();

  /// Columns count from 0.
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;  ///< of blobs too

 private:
  void check(int code) const;
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace cli::sqlite
