// expect: is private
int nothing() {
  return 0;
}
#ifdef FAULT
int broken() {
  return not_declared;
}
#endif
