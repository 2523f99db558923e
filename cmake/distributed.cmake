# SPDX-License-Identifier: BSD-2-Clause
# Sweeps that Slurm and GNU parallel spread, with the real ones (label `distributed`).
foreach(queue IN ITEMS parallel slurm)
  set(test "sweep spread by ${queue}")
  add_test(NAME "${test}"
    COMMAND "${PROJECT_SOURCE_DIR}/tests/distributed/${queue}.sh" "$<TARGET_FILE:sockbufsim>"
      "${PROJECT_SOURCE_DIR}/tests/distributed/study.json")
  set_tests_properties("${test}" PROPERTIES LABELS distributed SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
