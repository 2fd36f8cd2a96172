/* A program in C that has nothing but what was installed. */
#include <blindbook.h>

#include <stdio.h>
#include <string.h>

int main(void) {
  bb_error error;
  uint8_t once[16] = {0};
  uint8_t again[16] = {0};
  bb_client* client = NULL;
  if (bb_abi_version() != BB_ABI_VERSION) {
    fprintf(stderr, "header %d, library %d\n", BB_ABI_VERSION, bb_abi_version());
    return 1;
  }
  if (bb_random(once, sizeof once, &error) != BB_OK || bb_random(again, sizeof again, &error) != BB_OK ||
      memcmp(once, again, sizeof once) == 0) {
    fprintf(stderr, "no randomness\n");
    return 1;
  }
  if (bb_client_new("none", once, NULL, 0, &client, &error) != BB_BAD_INPUT ||
      strcmp(error.rule, "invitation.syntax") != 0) {
    fprintf(stderr, "a wrong invitation was not refused\n");
    return 1;
  }
  printf("libblindbook %s\n", bb_version());
  return 0;
}
