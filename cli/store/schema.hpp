// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/store/sqlite.hpp"

/// The file format of the store, and opening it.
namespace cli {

inline constexpr std::int32_t kStoreApplicationId = 0x53425346;  ///< "SBSF"
inline constexpr int kStoreFormat = 1;                           ///< PRAGMA user_version

/// Readers do without this table, which came after the others: the format is the same.
inline constexpr const char* kFactorUnitTable = R"sql(
CREATE TABLE IF NOT EXISTS factor_unit (
  study INTEGER NOT NULL REFERENCES study,
  name TEXT NOT NULL,             -- of the factor
  unit TEXT NOT NULL,             -- of the fields that it varies; empty: none, or several
  PRIMARY KEY (study, name)
) WITHOUT ROWID;
)sql";

/// Creates an empty store at `path`, whole or not at all. Does nothing when another process was
/// faster. Throws UsageError when it cannot be written.
void create_store(const std::string& path);

/// Whether the file begins as a store does; it may still be damaged, or another program's.
bool is_store_file(const std::string& path);

/// Throws UsageError when the file is a store, naming what takes one. `allowed`: "a scenario".
void refuse_store(const std::string& path, const std::string& allowed);

/// Opens a store for reading. Throws UsageError when it is none, is damaged or of another format.
std::unique_ptr<sqlite::Database> open_store_to_read(const std::string& path);

/// Opens a store for writing, with the same checks, and of the numbers of all runs, before anything
/// is written.
std::unique_ptr<sqlite::Database> open_store_to_write(const std::string& path);

/// What a failure of SQLite on `path` means to the user, as UsageError or, where it is no fault of
/// his, as sim::InternalError. Never returns.
[[noreturn]] void throw_store_failure(const std::string& path, const sqlite::Error& error,
                                      bool writing);

}  // namespace cli
