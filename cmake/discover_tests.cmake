# SPDX-License-Identifier: BSD-2-Clause
# Script: lists the Catch2 test cases of PROGRAM into OUTPUT as ctest tests.
#
# The tags [e2e], [oracle] and [slow] become one label, their names joined with '-'; a test case
# with none of them is labelled 'fast'. `ctest -L slow` takes every label with 'slow' in it.
# A higher COST runs earlier: fast tests first, slow ones last.
#
# GROUPS, if not 0: the tests with neither [oracle] nor [slow] also come in that many groups of one
# process each, labelled 'group': for builds in which it takes longer to start than to test.
if(CATCH_MAJOR EQUAL 3)
  set(list_options --list-tests --verbosity quiet)
  set(run_options "--warn NoAssertions")  # tests/support/main.cpp does it for Catch2 2
else()
  set(list_options --list-test-names-only)
  set(run_options "")
endif()

set(tests "")
set(grouped 0)
foreach(slow IN ITEMS "" slow)
  foreach(oracle IN ITEMS "" oracle)
    foreach(e2e IN ITEMS "" e2e)
      set(spec "~[.]")  # Catch2 2 lists hidden ones too where a specification only excludes
      set(label "")
      foreach(tag IN ITEMS e2e oracle slow)
        if(${tag})
          string(APPEND spec "[${tag}]")
          list(APPEND label ${tag})
        else()
          string(APPEND spec "~[${tag}]")
        endif()
      endforeach()
      list(JOIN label "-" label)
      set(timeout 300)
      if(slow)
        set(cost 1)
        set(timeout 900)
      elseif(oracle)
        set(cost 10)
      elseif(e2e)
        set(cost 100)
      else()
        set(cost 1000)
        set(label fast)
      endif()

      # The exit status is no guide: Catch2 2 returns the number of test cases.
      execute_process(COMMAND "${PROGRAM}" ${list_options} "${spec}"
        WORKING_DIRECTORY "${WORKING_DIR}"
        OUTPUT_VARIABLE names ERROR_VARIABLE complaint RESULT_VARIABLE result)
      if(complaint OR NOT result MATCHES "^[0-9]+$")
        message(FATAL_ERROR "${PROGRAM} does not list its tests (${result}):\n${complaint}")
      endif()
      # Brackets and semicolons would confuse CMake's lists.
      string(REPLACE "[" "<open>" names "${names}")
      string(REPLACE "]" "<close>" names "${names}")
      string(REPLACE ";" "<semicolon>" names "${names}")
      string(REGEX REPLACE "\n+" ";" names "${names}")
      foreach(name IN LISTS names)
        string(STRIP "${name}" name)
        if(name STREQUAL "")
          continue()
        endif()
        string(REPLACE "<open>" "[" name "${name}")
        string(REPLACE "<close>" "]" name "${name}")
        string(REPLACE "<semicolon>" ";" name "${name}")
        # Catch2 quotes a name that begins with '#'.
        string(REGEX REPLACE "^\"(#.*)\"$" "\\1" name "${name}")
        # In a test specification these characters have a meaning; the name is meant literally.
        string(REGEX REPLACE "([][,\\*\"])" "\\\\\\1" filter "${name}")
        string(APPEND tests
          "add_test([==[${name}]==] [==[${PROGRAM}]==] [==[${filter}]==] ${run_options})\n"
          "set_tests_properties([==[${name}]==] PROPERTIES LABELS ${label} COST ${cost}"
          " TIMEOUT ${timeout} WORKING_DIRECTORY [==[${WORKING_DIR}]==])\n")
        if(GROUPS AND NOT oracle AND NOT slow)
          math(EXPR group "${grouped} % ${GROUPS}")
          math(EXPR grouped "${grouped} + 1")
          string(APPEND group_${group} "${filter},")
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()
if(GROUPS)
  math(EXPR last "${GROUPS} - 1")
  foreach(group RANGE ${last})
    string(APPEND tests
      "add_test([==[group ${group}]==] [==[${PROGRAM}]==] [==[${group_${group}}]==] ${run_options})\n"
      "set_tests_properties([==[group ${group}]==] PROPERTIES LABELS group"
      " TIMEOUT 900 WORKING_DIRECTORY [==[${WORKING_DIR}]==])\n")
  endforeach()
endif()
file(WRITE "${OUTPUT}" "${tests}")
