/* blindbook.h for the JVM and for Android: the other half of Native in Blindbook.kt. Texts cross as UTF-8 in byte arrays, which
 * end in a null byte on the way in: the strings of JNI are in a UTF-8 of its own, and a label in the other aborts an app. */
#include <blindbook.h>
#include <jni.h>
#include <stdlib.h>
#include <string.h>

static bb_client* client_of(jlong handle) {
  return (bb_client*)(intptr_t)handle;
}

static jbyteArray array_of(JNIEnv* env, const void* data, size_t size) {
  jbyteArray out = (*env)->NewByteArray(env, (jsize)size);
  if (out != NULL) (*env)->SetByteArrayRegion(env, out, 0, (jsize)size, data);
  return out;
}

/* Throws BlindbookError unless `status` is BB_OK. */
static void check(JNIEnv* env, bb_status status, const bb_error* error) {
  if (status == BB_OK || (*env)->ExceptionCheck(env)) return;
  jclass type = (*env)->FindClass(env, "blindbook/BlindbookError");
  jmethodID make = type == NULL ? NULL : (*env)->GetMethodID(env, type, "<init>", "(I[B[B[B)V");
  if (make == NULL) return; /* its own exception is on the way */
  jbyteArray rule = array_of(env, error->rule, strlen(error->rule));
  jbyteArray message = array_of(env, error->message, strlen(error->message));
  jbyteArray hint = array_of(env, error->hint, strlen(error->hint));
  jobject thrown = (*env)->ExceptionCheck(env)
                       ? NULL
                       : (*env)->NewObject(env, type, make, (jint)status, rule, message, hint);
  if (thrown != NULL) (*env)->Throw(env, thrown);
}

typedef bb_status write_bytes(bb_client*, uint8_t*, size_t*, bb_error*);

/* What `write` writes, which is first asked how much room it takes. */
static jbyteArray written(JNIEnv* env, jlong handle, write_bytes* write) {
  bb_error error = {BB_UNAVAILABLE, "capi.memory", "there is not enough memory", ""};
  size_t size = 0;
  bb_status status = write(client_of(handle), NULL, &size, &error);
  uint8_t* data = NULL;
  jbyteArray out = NULL;
  if (status == BB_SHORT_BUFFER) {
    data = malloc(size);
    status = data == NULL ? BB_UNAVAILABLE : write(client_of(handle), data, &size, &error);
  }
  if (status == BB_OK) out = array_of(env, data, size);
  check(env, status, &error);
  free(data);
  return out;
}

static bb_status write_url(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  return bb_client_service_url(client, (char*)out, size, error);
}
static bb_status write_state(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  return bb_client_state(client, out, size, error);
}
static bb_status write_evidence(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  return bb_client_evidence(client, out, size, error);
}
static bb_status write_request(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  return bb_client_request(client, out, size, error);
}
static bb_status write_path(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  return bb_client_directory_path(client, (char*)out, size, error);
}

typedef bb_status read_bytes(bb_client*, const uint8_t*, size_t, bb_error*);

/* Hands the first `size` bytes of `array` to `read`. */
static void handed(JNIEnv* env, jlong handle, jbyteArray array, jint size, read_bytes* read) {
  bb_error error;
  jbyte* data = (*env)->GetByteArrayElements(env, array, NULL);
  if (data == NULL) return;
  bb_status status = read(client_of(handle), (const uint8_t*)data, (size_t)size, &error);
  (*env)->ReleaseByteArrayElements(env, array, data, JNI_ABORT);
  check(env, status, &error);
}

static bb_status read_number(bb_client* client, const uint8_t* text, size_t size, bb_error* error) {
  (void)size;
  return bb_client_add_identifier(client, (const char*)text, error);
}

#define NATIVE(type, name) JNIEXPORT type JNICALL Java_blindbook_Native_##name
#define GIVES(name, write)                                            \
  NATIVE(jbyteArray, name)(JNIEnv * env, jclass self, jlong handle) { \
    (void)self;                                                       \
    return written(env, handle, write);                               \
  }
#define TAKES(name, read)                                                                    \
  NATIVE(void, name)(JNIEnv * env, jclass self, jlong handle, jbyteArray array, jint size) { \
    (void)self;                                                                              \
    handed(env, handle, array, size, read);                                                  \
  }
#define DOES(name, step)                                        \
  NATIVE(void, name)(JNIEnv * env, jclass self, jlong handle) { \
    bb_error error;                                             \
    (void)self;                                                 \
    check(env, step(client_of(handle), &error), &error);        \
  }

GIVES(serviceUrl, write_url)
GIVES(state, write_state)
GIVES(evidence, write_evidence)
GIVES(request, write_request)
GIVES(directoryPath, write_path)
TAKES(addIdentifier, read_number)
TAKES(takeAnnouncement, bb_client_take_announcement)
TAKES(takeAnswer, bb_client_take_answer)
TAKES(feedDirectory, bb_client_feed_directory)
DOES(restartDirectory, bb_client_restart_directory)
DOES(finishDirectory, bb_client_finish_directory)
DOES(directoryGone, bb_client_directory_gone)

NATIVE(jlong, newClient)(JNIEnv* env, jclass self, jbyteArray invitation, jbyteArray key, jbyteArray state) {
  bb_client* client = NULL;
  bb_error error;
  uint8_t secret[BB_KEY_BYTES];
  (void)self;
  (*env)->GetByteArrayRegion(env, key, 0, sizeof secret, (jbyte*)secret); /* throws where it is shorter */
  if ((*env)->ExceptionCheck(env)) return 0;
  jbyte* saved = (*env)->GetByteArrayElements(env, state, NULL);
  jbyte* text = saved == NULL ? NULL : (*env)->GetByteArrayElements(env, invitation, NULL);
  if (text != NULL) {
    bb_status status = bb_client_new((const char*)text, secret, (const uint8_t*)saved,
                                     (size_t)(*env)->GetArrayLength(env, state), &client, &error);
    (*env)->ReleaseByteArrayElements(env, invitation, text, JNI_ABORT);
    check(env, status, &error);
  }
  if (saved != NULL) (*env)->ReleaseByteArrayElements(env, state, saved, JNI_ABORT);
  return (jlong)(intptr_t)client;
}

NATIVE(void, freeClient)(JNIEnv* env, jclass self, jlong handle) {
  (void)env;
  (void)self;
  bb_client_free(client_of(handle));
}

NATIVE(void, begin)(JNIEnv* env, jclass self, jlong handle, jbyteArray token, jlong now, jboolean scheduled) {
  bb_error error;
  (void)self;
  jbyte* text = (*env)->GetByteArrayElements(env, token, NULL);
  if (text == NULL) return;
  bb_status status = bb_client_begin(client_of(handle), (const char*)text, (uint64_t)now, scheduled, &error);
  (*env)->ReleaseByteArrayElements(env, token, text, JNI_ABORT);
  check(env, status, &error);
}

NATIVE(jint, need)(JNIEnv* env, jclass self, jlong handle) {
  (void)env;
  (void)self;
  return (jint)bb_client_need(client_of(handle));
}

NATIVE(jboolean, stateChanged)(JNIEnv* env, jclass self, jlong handle) {
  (void)env;
  (void)self;
  return bb_client_state_changed(client_of(handle)) != 0;
}

/* Elements done, and of the whole run. */
NATIVE(jlongArray, step)(JNIEnv* env, jclass self, jlong handle, jint max_items) {
  bb_error error;
  size_t done = 0, total = 0;
  (void)self;
  check(env, bb_step(client_of(handle), (size_t)max_items, &done, &total, &error), &error);
  if ((*env)->ExceptionCheck(env)) return NULL;
  const jlong progress[2] = {(jlong)done, (jlong)total};
  jlongArray out = (*env)->NewLongArray(env, 2);
  if (out != NULL) (*env)->SetLongArrayRegion(env, out, 0, 2, progress);
  return out;
}

NATIVE(void, takeRefusal)(JNIEnv* env, jclass self, jlong handle, jint refusal) {
  bb_error error;
  (void)self;
  check(env, bb_client_take_refusal(client_of(handle), refusal, &error), &error);
}

/* The numbers of bb_result in its order, as far as `edition`. */
NATIVE(jlongArray, result)(JNIEnv* env, jclass self, jlong handle) {
  bb_error error;
  bb_result result;
  (void)self;
  check(env, bb_client_result(client_of(handle), &result, &error), &error);
  if ((*env)->ExceptionCheck(env)) return NULL;
  const jlong numbers[7] = {(jlong)result.matches,
                            (jlong)result.evaluated,
                            (jlong)result.not_looked_up,
                            (jlong)result.unopened_labels,
                            result.partial,
                            result.allowance_left,
                            result.edition};
  jlongArray out = (*env)->NewLongArray(env, 7);
  if (out != NULL) (*env)->SetLongArrayRegion(env, out, 0, 7, numbers);
  return out;
}

NATIVE(jbyteArray, head)(JNIEnv* env, jclass self, jlong handle) {
  bb_error error;
  bb_result result;
  (void)self;
  bb_status status = bb_client_result(client_of(handle), &result, &error);
  check(env, status, &error);
  return status == BB_OK ? array_of(env, result.head, sizeof result.head) : NULL;
}

/* The number of match `index`, a null byte, its label. */
NATIVE(jbyteArray, match)(JNIEnv* env, jclass self, jlong handle, jlong index) {
  bb_error error;
  char texts[32 + 1024];
  char label[1024];
  size_t number_size = 32, label_size = sizeof label;
  (void)self;
  bb_status status =
      bb_client_match(client_of(handle), (size_t)index, texts, &number_size, label, &label_size, &error);
  check(env, status, &error);
  if (status != BB_OK) return NULL;
  memcpy(texts + number_size, label, label_size);
  return array_of(env, texts, number_size + label_size - 1);
}

NATIVE(void, random)(JNIEnv* env, jclass self, jbyteArray out) {
  bb_error error;
  (void)self;
  jbyte* data = (*env)->GetByteArrayElements(env, out, NULL);
  if (data == NULL) return;
  bb_status status = bb_random((uint8_t*)data, (size_t)(*env)->GetArrayLength(env, out), &error);
  (*env)->ReleaseByteArrayElements(env, out, data, 0);
  check(env, status, &error);
}
