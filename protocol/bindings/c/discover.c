/* discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many numbers were
 * newly evaluated. A client in C99, with libcurl: cc discover.c -lblindbook -lcurl -o discover
 * A key that lies beside the state protects nothing: an app keeps it where the system keeps keys. */
#define _POSIX_C_SOURCE 200809L
#include <blindbook.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bb_client* client;
static bb_error error;
static CURL* curl;
static long status;               /* of the last answer; its body, unless it was a directory, is in: */
static uint8_t body[1 << 20 | 1]; /* no announcement and no answer is longer */
static size_t body_size;

static size_t read_file(const char* name, void* out, size_t room) {
  FILE* file = fopen(name, "rb");
  const size_t size = file == NULL ? 0 : fread(out, 1, room, file);
  if (file != NULL) fclose(file);
  return size;
}

/* A crash leaves the old file or the new one. */
static void write_file(const char* name, const void* data, size_t size) {
  FILE* file = fopen("new", "wb");
  if (file == NULL || fwrite(data, 1, size, file) != size || fflush(file) != 0 || fsync(fileno(file)) != 0 ||
      fclose(file) != 0 || rename("new", name) != 0) {
    perror(name);
    exit(1);
  }
}

static void save_state(void) {
  size_t size = 0;
  bb_client_state(client, NULL, &size, NULL); /* says how much room it takes */
  uint8_t* state = malloc(size);
  if (state == NULL || bb_client_state(client, state, &size, &error) != BB_OK) {
    fprintf(stderr, "the state cannot be had\n");
    exit(1);
  }
  write_file("state", state, size);
  free(state);
}

static void give_up(const char* what, const char* why) {
  if (bb_client_state_changed(client)) save_state(); /* what was charged is in it */
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static void check(bb_status result) {
  if (result != BB_OK) give_up(error.rule, error.message);
}

static size_t receive(char* data, size_t one, size_t size, void* is_directory) {
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (is_directory != NULL && status == 200) {
    check(bb_client_feed_directory(client, (uint8_t*)data, size, &error));
  } else if (is_directory == NULL) {
    if (size >= sizeof body - body_size) return 0; /* the transfer fails */
    memcpy(body + body_size, data, size);
    body[body_size += size] = 0;
  }
  return size * one;
}

/* Each exchange has a connection of its own: nothing ties the directory to the token. */
static void exchange(const char* url, const char* path, const char* token, const uint8_t* request,
                     size_t size) {
  char text[4096];
  struct curl_slist* headers = NULL;
  CURLcode done;
  snprintf(text, sizeof text, "%s%s", url, path);
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, text);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, strstr(path, "/directory/"));
  if (request != NULL) {
    snprintf(text, sizeof text, "Authorization: Bearer %s", token);
    headers = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/octet-stream"), text);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)size);
  }
  body_size = 0;
  done = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  if (done != CURLE_OK) give_up(path, curl_easy_strerror(done));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
}

static void evaluate(const char* url, const char* token) {
  static uint8_t request[1 << 18]; /* the largest batch has half of it */
  size_t size = sizeof request;
  save_state(); /* before it is sent */
  check(bb_client_request(client, request, &size, &error));
  exchange(url, "/v1/evaluate", token, request, size);
  if (status == 200) {
    check(bb_client_take_answer(client, body, body_size, &error));
  } else if (status == 410) {
    check(bb_client_take_refusal(client, BB_REFUSED_EPOCH_GONE, &error));
  } else if (status == 429 && strstr((char*)body, ":allowance\"") != NULL) {
    check(bb_client_take_refusal(client, BB_REFUSED_ALLOWANCE_SPENT, &error));
  } else {
    give_up("/v1/evaluate", status == 401 ? "the token is not accepted" : "try again later");
  }
}

static void read_directory(const char* url) {
  char path[128];
  size_t size = sizeof path;
  check(bb_client_directory_path(client, path, &size, &error));
  exchange(url, path, NULL, NULL, 0);
  if (status != 200 && status != 404 && status != 410) give_up(path, "try again later");
  check(status == 200 ? bb_client_finish_directory(client, &error)
                      : bb_client_directory_gone(client, &error));
}

int main(int argc, char** argv) {
  static uint8_t state[1 << 24];
  uint8_t key[BB_KEY_BYTES];
  char token[4096] = "", number[32], label[1024];
  bb_result result;
  if (argc < 5 || (curl = curl_easy_init()) == NULL) return 2;
  token[read_file(argv[3], token, sizeof token - 1)] = 0;
  token[strcspn(token, "\n")] = 0;
  umask(077);
  mkdir(argv[4], 0700);
  if (chdir(argv[4]) != 0) {
    perror(argv[4]);
    return 2;
  }
  if (read_file("key", key, sizeof key) != sizeof key) {
    check(bb_random(key, sizeof key, &error));
    write_file("key", key, sizeof key);
  }
  check(bb_client_new(argv[2], key, state, read_file("state", state, sizeof state), &client, &error));
  for (int i = 5; i < argc; ++i) check(bb_client_add_identifier(client, argv[i], &error));

  check(bb_client_begin(client, token, (uint64_t)time(NULL), 0, &error));
  for (bb_need need; (need = bb_client_need(client)) != BB_NEED_NOTHING;) {
    if (need == BB_NEED_ANNOUNCEMENT) {
      exchange(argv[1], "/v1/announcement", NULL, NULL, 0);
      if (status != 200) give_up("/v1/announcement", "try again later");
      check(bb_client_take_announcement(client, body, body_size, &error));
    } else if (need == BB_NEED_STEP) {
      check(bb_step(client, 256, NULL, NULL, &error));
    } else if (need == BB_NEED_ANSWER) {
      evaluate(argv[1], token);
    } else {
      read_directory(argv[1]);
    }
  }
  save_state();

  check(bb_client_result(client, &result, &error));
  for (size_t i = 0; i < result.matches; ++i) {
    size_t number_size = sizeof number, label_size = sizeof label;
    check(bb_client_match(client, i, number, &number_size, label, &label_size, &error));
    printf("%s %s\n", number, label);
  }
  printf("%zu\n", result.evaluated);
  bb_client_free(client);
  curl_easy_cleanup(curl);
  return 0;
}
