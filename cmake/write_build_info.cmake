# SPDX-License-Identifier: BSD-2-Clause
# Script: fills TEMPLATE with VERSION, BUILD_TYPE, SIMGRID_VERSION, the commit of SOURCE_DIR and a
# hash of the model's sources, and writes OUTPUT only if that changes it.
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
# Of what can change a result, and of nothing else: stores keep their runs when a document changes.
file(GLOB_RECURSE model_files RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/sim/*.[ch]pp"
  "${SOURCE_DIR}/models/*.[ch]pp" "${SOURCE_DIR}/scenarios/machines/*.json")
list(SORT model_files)
set(hashes "")
foreach(file IN LISTS model_files)
  file(SHA256 "${SOURCE_DIR}/${file}" hash)
  string(APPEND hashes "${file} ${hash}\n")
endforeach()
string(SHA256 MODEL_HASH "${hashes}")
string(SUBSTRING "${MODEL_HASH}" 0 12 MODEL_HASH)
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
