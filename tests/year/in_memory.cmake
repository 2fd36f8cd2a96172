set_tests_properties("year: a year of publications, rotations and clients" PROPERTIES ENVIRONMENT "TMPDIR=/dev/shm" TIMEOUT 600)
