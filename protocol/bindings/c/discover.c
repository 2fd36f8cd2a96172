/* discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many numbers
 * were newly evaluated. A client in C99: cc discover.c carry.c -lblindbook -lcurl -o discover */
#include <blindbook.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "carry.h"

/* Carries bytes between the client and the service until nothing more is needed. */
static bb_status run(bb_client* client, const char* url, const char* token, bb_error* error) {
  bb_status status = bb_client_begin(client, token, (uint64_t)time(NULL), 0, error);
  for (bb_need need; status == BB_OK && (need = bb_client_need(client)) != BB_NEED_NOTHING;) {
    if (need == BB_NEED_ANNOUNCEMENT) {
      status = fetch_announcement(client, url, error);
    } else if (need == BB_NEED_STEP) {
      status = bb_step(client, 256, NULL, NULL, error);
    } else if (need == BB_NEED_ANSWER) {
      status = save_state(client, error); /* what is sent is charged, and must survive a crash */
      if (status == BB_OK) status = evaluate(client, url, token, error);
    } else {
      status = fetch_directory(client, url, error);
    }
  }
  if (status == BB_OK) return save_state(client, error);
  if (bb_client_state_changed(client)) save_state(client, NULL); /* with what was charged before the error */
  return status;
}

static bb_status print_matches(const bb_client* client, bb_error* error) {
  bb_result result;
  bb_status status = bb_client_result(client, &result, error);
  for (size_t i = 0; status == BB_OK && i < result.matches; ++i) {
    char number[32], label[1024];
    size_t number_size = sizeof number, label_size = sizeof label;
    status = bb_client_match(client, i, number, &number_size, label, &label_size, error);
    if (status == BB_OK) printf("%s %s\n", number, label);
  }
  if (status == BB_OK) printf("%zu\n", result.evaluated);
  return status;
}

int main(int argc, char** argv) {
  bb_client* client = NULL;
  bb_error error;
  uint8_t key[BB_KEY_BYTES], *state = NULL;
  size_t state_size = 0;
  char token[4096];
  if (argc < 5) return 2;
  bb_status status = load_token(argv[3], token, sizeof token, &error);
  if (status == BB_OK) status = open_folder(argv[4], key, &state, &state_size, &error);
  if (status == BB_OK) status = bb_client_new(argv[2], key, state, state_size, &client, &error);
  free(state);
  for (int i = 5; i < argc && status == BB_OK; ++i) {
    status = bb_client_add_identifier(client, argv[i], &error);
  }
  if (status == BB_OK) status = run(client, argv[1], token, &error);
  if (status == BB_OK) status = print_matches(client, &error);
  if (status != BB_OK) fprintf(stderr, "%s: %s\n", error.rule, error.message);
  bb_client_free(client);
  return status == BB_OK ? 0 : 1;
}
