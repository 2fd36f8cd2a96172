# Which kernels of the batch arithmetic (lib/blindbook/group/kernel) this compiler can build.
#
# BLINDBOOK_KERNELS              their names, the fastest first
# BLINDBOOK_KERNEL_FLAGS_<name>  what their sources, and no others, are compiled with
# BLINDBOOK_KERNEL_DEFINITIONS   BLINDBOOK_KERNEL_<NAME> for each that not every build has
include(CheckCXXCompilerFlag)

set(BLINDBOOK_KERNELS)
set(BLINDBOOK_KERNEL_DEFINITIONS)

# An instruction set is offered where the machine built for has it at all and the compiler knows the flags.
function(blindbook_offer_kernel name)
  string(TOUPPER ${name} upper)
  string(REPLACE ";" " " flags "${ARGN}")
  check_cxx_compiler_flag("${flags}" BLINDBOOK_COMPILES_${upper})
  if(NOT BLINDBOOK_COMPILES_${upper})
    message(STATUS "Kernel ${name} is left out: the compiler does not know ${flags}")
    return()
  endif()
  set(BLINDBOOK_KERNELS ${BLINDBOOK_KERNELS} ${name} PARENT_SCOPE)
  set(BLINDBOOK_KERNEL_DEFINITIONS ${BLINDBOOK_KERNEL_DEFINITIONS} BLINDBOOK_KERNEL_${upper} PARENT_SCOPE)
  set(BLINDBOOK_KERNEL_FLAGS_${name} ${ARGN} PARENT_SCOPE)
endfunction()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  # -mtune: of the compilers' models of processors, those of AMD's schedule this code best.
  set(vector_flags -mtune=znver3)
  # g++ copies the 320 bytes of an element by a call of memmove if it is let: a third of a multiplication on avx2.
  check_cxx_compiler_flag("-mmemcpy-strategy=vector_loop:-1:noalign" BLINDBOOK_COMPILES_MEMCPY_STRATEGY)
  if(BLINDBOOK_COMPILES_MEMCPY_STRATEGY)
    list(APPEND vector_flags -mmemcpy-strategy=vector_loop:-1:noalign)
  endif()
  blindbook_offer_kernel(ifma -mavx512f -mavx512dq -mavx512vl -mavx512ifma ${vector_flags})
  blindbook_offer_kernel(avx2 -mavx2 ${vector_flags})
endif()
list(APPEND BLINDBOOK_KERNELS scalar51)
if(BLINDBOOK_BUILD_TESTS)
  list(APPEND BLINDBOOK_KERNELS checked)
  list(APPEND BLINDBOOK_KERNEL_DEFINITIONS BLINDBOOK_KERNEL_CHECKED)
endif()

# A kernel made of calls instead of one function inlined into the other: kernel/common/inline.h.
foreach(kernel IN LISTS BLINDBOOK_KERNELS)
  if(kernel STREQUAL "checked" OR BLINDBOOK_SANITIZE)
    list(APPEND BLINDBOOK_KERNEL_FLAGS_${kernel} -O1 -DBLINDBOOK_INLINE=inline)
  endif()
endforeach()
