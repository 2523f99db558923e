# SPDX-License-Identifier: BSD-2-Clause
# Script: fills TEMPLATE with VERSION, BUILD_TYPE, SIMGRID_VERSION and the commit of SOURCE_DIR,
# and writes OUTPUT only if that changes it.
set(COMMIT "unknown")
find_program(git_program git)
if(git_program)
  execute_process(COMMAND "${git_program}" describe --always --dirty
    WORKING_DIRECTORY "${SOURCE_DIR}"
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE result)
  if(result EQUAL 0 AND answer)
    set(COMMIT "${answer}")
  endif()
endif()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
