#define _POSIX_C_SOURCE 200809L
#include "carry.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bb_status fail(const char* rule, const char* what, const char* why, bb_error* error) {
  if (error != NULL) {
    memset(error, 0, sizeof *error);
    error->status = BB_UNAVAILABLE;
    snprintf(error->rule, sizeof error->rule, "%s", rule);
    snprintf(error->message, sizeof error->message, "%s: %s", what, why);
  }
  return BB_UNAVAILABLE;
}

/* --- the service -------------------------------------------------------------------------------------------------- */

/* What came back of one exchange. */
struct answer {
  CURL* curl;
  long status;               /* of HTTP */
  uint8_t body[1 << 20 | 1]; /* no announcement and no answer is longer; it ends in a null byte */
  size_t size;
  bb_client* reader; /* when it is not null: takes the body of a 200 as a directory, */
  bb_status taken;   /* with this outcome */
  bb_error* error;
};

static size_t receive(char* data, size_t one, size_t size, void* to) {
  struct answer* answer = to;
  curl_easy_getinfo(answer->curl, CURLINFO_RESPONSE_CODE, &answer->status);
  if (answer->reader == NULL) {
    if (size >= sizeof answer->body - answer->size) return 0; /* the transfer fails */
    memcpy(answer->body + answer->size, data, size);
    answer->size += size;
    answer->body[answer->size] = 0;
  } else if (answer->status == 200) {
    answer->taken = bb_client_feed_directory(answer->reader, (uint8_t*)data, size, answer->error);
    if (answer->taken != BB_OK) return 0;
  }
  return size * one;
}

/* GET, or POST of `request` with `token`. Each exchange has a handle of its own, and so a connection: nothing ties the directory to
 * the token. No redirect is followed. */
static bb_status exchange(const char* url, const char* path, const char* token, const uint8_t* request,
                          size_t size, struct answer* answer, bb_error* error) {
  char text[4096 + 64];
  struct curl_slist* headers = NULL;
  CURLcode done;
  answer->curl = curl_easy_init();
  if (answer->curl == NULL) return fail("carry.http", path, "there is no memory", error);
  answer->status = 0;
  answer->size = 0;
  answer->body[0] = 0;
  answer->taken = BB_OK;
  answer->error = error;
  snprintf(text, sizeof text, "%s%s", url, path);
  curl_easy_setopt(answer->curl, CURLOPT_URL, text);
  curl_easy_setopt(answer->curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(answer->curl, CURLOPT_WRITEDATA, answer);
  if (request != NULL) {
    snprintf(text, sizeof text, "Authorization: Bearer %s", token);
    headers = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/octet-stream"), text);
    curl_easy_setopt(answer->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(answer->curl, CURLOPT_POSTFIELDS, request);
    curl_easy_setopt(answer->curl, CURLOPT_POSTFIELDSIZE, (long)size);
  }
  done = curl_easy_perform(answer->curl);
  curl_easy_getinfo(answer->curl, CURLINFO_RESPONSE_CODE, &answer->status);
  curl_slist_free_all(headers);
  curl_easy_cleanup(answer->curl);
  if (answer->taken != BB_OK) return answer->taken;
  return done == CURLE_OK ? BB_OK : fail("carry.http", path, curl_easy_strerror(done), error);
}

/* For a status of HTTP that ends the run. */
static bb_status refused(const char* path, long http_status, bb_error* error) {
  char why[64];
  snprintf(why, sizeof why, "HTTP %ld, try again later", http_status);
  return fail("carry.http", path, http_status == 401 ? "the token is not accepted" : why, error);
}

bb_status fetch_announcement(bb_client* client, const char* url, bb_error* error) {
  static const char path[] = "/v1/announcement";
  static struct answer answer;
  const bb_status status = exchange(url, path, NULL, NULL, 0, &answer, error);
  if (status != BB_OK) return status;
  if (answer.status != 200) return refused(path, answer.status, error);
  return bb_client_take_announcement(client, answer.body, answer.size, error);
}

bb_status evaluate(bb_client* client, const char* url, const char* token, bb_error* error) {
  static const char path[] = "/v1/evaluate";
  static struct answer answer;
  static uint8_t request[1 << 18]; /* the largest batch has half of it */
  size_t size = sizeof request;
  bb_status status = bb_client_request(client, request, &size, error);
  if (status == BB_OK) status = exchange(url, path, token, request, size, &answer, error);
  if (status != BB_OK) return status;
  if (answer.status == 200) return bb_client_take_answer(client, answer.body, answer.size, error);
  if (answer.status == 410) return bb_client_take_refusal(client, BB_REFUSED_EPOCH_GONE, error);
  if (answer.status == 429 && strstr((char*)answer.body, ":allowance\"") != NULL) {
    return bb_client_take_refusal(client, BB_REFUSED_ALLOWANCE_SPENT, error);
  }
  return refused(path, answer.status, error);
}

bb_status fetch_directory(bb_client* client, const char* url, bb_error* error) {
  static struct answer answer;
  char path[128];
  size_t size = sizeof path;
  bb_status status = bb_client_directory_path(client, path, &size, error);
  answer.reader = client;
  if (status == BB_OK) status = exchange(url, path, NULL, NULL, 0, &answer, error);
  if (status != BB_OK) return status;
  if (answer.status == 200) return bb_client_finish_directory(client, error);
  if (answer.status == 404 || answer.status == 410) return bb_client_directory_gone(client, error);
  return refused(path, answer.status, error);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* The whole file, *size bytes, to be freed; null and 0 where there is none. */
static bb_status read_file(const char* name, uint8_t** data, size_t* size, bb_error* error) {
  FILE* file = fopen(name, "rb");
  struct stat known;
  *data = NULL;
  *size = 0;
  if (file == NULL) return errno == ENOENT ? BB_OK : fail("carry.file", name, strerror(errno), error);
  if (fstat(fileno(file), &known) == 0 && (*data = malloc((size_t)known.st_size + 1)) != NULL) {
    *size = fread(*data, 1, (size_t)known.st_size, file);
  }
  if (*data == NULL || ferror(file)) {
    free(*data);
    *data = NULL;
    fclose(file);
    return fail("carry.file", name, "it cannot be read", error);
  }
  fclose(file);
  return BB_OK;
}

/* A crash leaves the old file or the new one. */
static bb_status write_file(const char* name, const void* data, size_t size, bb_error* error) {
  FILE* file = fopen("new", "wb");
  int folder = -1;
  int done =
      file != NULL && fwrite(data, 1, size, file) == size && fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (file != NULL && fclose(file) != 0) done = 0;
  if (done) done = rename("new", name) == 0 && (folder = open(".", O_RDONLY)) >= 0 && fsync(folder) == 0;
  if (folder >= 0) close(folder);
  return done ? BB_OK : fail("carry.file", name, strerror(errno), error);
}

bb_status load_token(const char* name, char* token, size_t room, bb_error* error) {
  uint8_t* data;
  size_t size;
  const bb_status status = read_file(name, &data, &size, error);
  if (status != BB_OK) return status;
  while (size > 0 && data[size - 1] == '\n') --size;
  if (size > 0 && size < room) {
    memcpy(token, data, size);
    token[size] = 0;
  }
  free(data);
  return size > 0 && size < room ? BB_OK : fail("carry.file", name, "there is no token in it", error);
}

static bb_status load_key(uint8_t key[BB_KEY_BYTES], bb_error* error) {
  uint8_t* data;
  size_t size;
  bb_status status = read_file("key", &data, &size, error);
  if (status != BB_OK) return status;
  if (size == BB_KEY_BYTES) {
    memcpy(key, data, size);
  } else if (data != NULL) {
    status = fail("carry.file", "key", "it is no key", error);
  } else {
    status = bb_random(key, BB_KEY_BYTES, error);
    if (status == BB_OK) status = write_file("key", key, BB_KEY_BYTES, error);
  }
  free(data);
  return status;
}

bb_status open_folder(const char* name, uint8_t key[BB_KEY_BYTES], uint8_t** state, size_t* size,
                      bb_error* error) {
  bb_status status;
  umask(077);
  if ((mkdir(name, 0700) != 0 && errno != EEXIST) || chdir(name) != 0) {
    return fail("carry.file", name, strerror(errno), error);
  }
  status = load_key(key, error);
  return status == BB_OK ? read_file("state", state, size, error) : status;
}

bb_status save_state(bb_client* client, bb_error* error) {
  size_t size = 0;
  uint8_t* state;
  bb_status status;
  bb_client_state(client, NULL, &size, NULL); /* says how much room it takes */
  state = malloc(size);
  if (state == NULL) return fail("carry.file", "state", "there is no memory", error);
  status = bb_client_state(client, state, &size, error);
  if (status == BB_OK) status = write_file("state", state, size, error);
  free(state);
  return status;
}
