# cmake -DCASE=file.cpp -DCOMPILER=c++ -DFLAGS=a;b -P check.cmake
#
# One case that must not compile. Its first line says `// expect: <regular expression>`. It is compiled twice: as it
# stands, which must succeed, so that the case cannot rot; and with FAULT defined, which must fail with a message
# that matches the expression, so that it fails for the reason it is there for.
file(STRINGS ${CASE} first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "no `// expect:` in the first line of ${CASE}")
endif()
set(expected "${CMAKE_MATCH_1}")

set(compile ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} ${FLAGS} -fsyntax-only)
execute_process(COMMAND ${compile} ${CASE} RESULT_VARIABLE status ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "does not compile without its fault either:\n${said}")
endif()

execute_process(COMMAND ${compile} -DFAULT ${CASE} RESULT_VARIABLE status ERROR_VARIABLE said)
if(status EQUAL 0)
  message(FATAL_ERROR "compiles, which it must not")
endif()
if(NOT said MATCHES "error: [^\n]*${expected}")
  message(FATAL_ERROR "fails for another reason than '${expected}':\n${said}")
endif()
