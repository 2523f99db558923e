# SPDX-License-Identifier: BSD-2-Clause
# The HTML reports in headless Chromium, as ctest tests labelled 'browser'; docs/html.md.
find_program(SOCKBUFSIM_CHROMEDRIVER chromedriver REQUIRED)
find_program(SOCKBUFSIM_CHROMIUM chromium REQUIRED)
mark_as_advanced(SOCKBUFSIM_CHROMEDRIVER SOCKBUFSIM_CHROMIUM)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_executable(sockbufsim_html_sample tests/browser/html_sample.cpp)
target_link_libraries(sockbufsim_html_sample PRIVATE sockbufsim_cli_lib)
# Whoever builds the tests gets everything that they start.
add_dependencies(sockbufsim_tests sockbufsim_html_sample)

# add_pages(SCRIPT PAGE...): a test for each class of a script in tests/browser/.
function(add_pages script)
  foreach(page IN LISTS ARGN)
    add_test(NAME "browser: ${page}"
      COMMAND "${Python3_EXECUTABLE}" -B "${PROJECT_SOURCE_DIR}/tests/browser/${script}" "${page}" -v)
    set_tests_properties("browser: ${page}" PROPERTIES LABELS browser COST 100 TIMEOUT 300
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
      ENVIRONMENT "SOCKBUFSIM=$<TARGET_FILE:sockbufsim>;HTML_SAMPLE=$<TARGET_FILE:sockbufsim_html_sample>")
  endforeach()
endfunction()

add_pages(html_test.py RunPage ManyLocksPage ViolationPage SweepPage)
add_pages(explore_test.py ExplorationPage MatrixPage TimedSearchPage NoWindowPage)
