// expect: error
#ifdef FAULT
int harmless() {
  return 1;
}
#endif
int nothing() {
  return 0;
}
