# SPDX-License-Identifier: BSD-2-Clause
# The Promela models of tests/promela/, decided by SPIN, as ctest tests labelled 'spin'; docs/spin.md.
find_program(SOCKBUFSIM_SPIN spin REQUIRED)
mark_as_advanced(SOCKBUFSIM_SPIN)
set(promela "${PROJECT_SOURCE_DIR}/tests/promela")

foreach(algorithm IN ITEMS generic stream_inplace stream_putback putback_sblock putback_ref
                           putback_recheck putback_charged)
  add_test(NAME "spin: ${algorithm}" COMMAND "${promela}/run.sh" "^${algorithm},")
  set_tests_properties("spin: ${algorithm}" PROPERTIES LABELS spin COST 100 TIMEOUT 300)
endforeach()

# Set SOCKBUFSIM_SPIN_AGREES once `explore --matrix` is there.
add_test(NAME "spin and explore agree" COMMAND "${promela}/agree.sh" "$<TARGET_FILE:sockbufsim>")
set_tests_properties("spin and explore agree" PROPERTIES LABELS e2e COST 100 TIMEOUT 300)
if(NOT SOCKBUFSIM_SPIN_AGREES)
  set_tests_properties("spin and explore agree" PROPERTIES DISABLED TRUE)
endif()
