// expect: not_declared
int broken() {
  return not_declared;
}
