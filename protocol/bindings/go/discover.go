// discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many numbers
// were newly evaluated. A client in Go, by cgo and net/http: go build. Where blindbook is not installed, C_INCLUDE_PATH and
// LIBRARY_PATH say where blindbook.h and libblindbook.so are.
//
// A key that lies beside the state protects nothing: an app keeps it where the system keeps keys.
package main

/*
#cgo LDFLAGS: -lblindbook
#include <blindbook.h>
*/
import "C"

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
	"unsafe"
)

var (
	client     *C.bb_client
	bbError    C.bb_error
	url, token string
)

// must ends the program after an error: what was charged until then is saved.
func must(err error) {
	if err == nil {
		return
	}
	if C.bb_client_state_changed(client) != 0 {
		saveState()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func check(status C.bb_status) {
	if status != C.BB_OK {
		must(fmt.Errorf("%s: %s", C.GoString(&bbError.rule[0]), C.GoString(&bbError.message[0])))
	}
}

// in is `data` as the library reads it, which keeps no pointer beyond a call.
func in(data []byte) (*C.uint8_t, C.size_t) {
	if len(data) == 0 {
		return nil, 0
	}
	return (*C.uint8_t)(&data[0]), C.size_t(len(data))
}

func text(of string) *C.char {
	return (*C.char)(unsafe.Pointer(&append([]byte(of), 0)[0]))
}

// out is what `write` writes, which is first asked how much room it takes.
func out(write func(*C.uint8_t, *C.size_t) C.bb_status) []byte {
	var size C.size_t
	write(nil, &size)
	data := make([]byte, size+1)
	check(write((*C.uint8_t)(&data[0]), &size))
	return data[:size]
}

// writeFile leaves the old file or the new one, in the state folder.
func writeFile(name string, data []byte) {
	file, err := os.Create("new")
	if err == nil {
		_, err = file.Write(data)
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = os.Rename("new", name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	file.Close()
}

func saveState() {
	writeFile("state", out(func(data *C.uint8_t, size *C.size_t) C.bb_status {
		return C.bb_client_state(client, data, size, &bbError)
	}))
}

// exchange has a connection of its own, so that nothing ties the directory to the token. The body of a 200 goes to `take` in
// pieces; that of another status is returned.
func exchange(path string, request []byte, take func([]byte)) (int, []byte) {
	method := http.MethodGet
	if request != nil {
		method = http.MethodPost
	}
	asked, err := http.NewRequest(method, url+path, bytes.NewReader(request))
	must(err)
	asked.Close = true
	if request != nil {
		asked.Header.Set("Authorization", "Bearer "+token)
		asked.Header.Set("Content-Type", "application/octet-stream")
	}
	answer, err := http.DefaultTransport.RoundTrip(asked) // follows no redirect
	must(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		problem, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
		must(err)
		return answer.StatusCode, problem
	}
	for piece := make([]byte, 1<<16); err == nil; {
		var n int
		n, err = answer.Body.Read(piece)
		take(piece[:n])
	}
	if err != io.EOF {
		must(err)
	}
	return http.StatusOK, nil
}

// whole gathers pieces; no announcement and no answer has more than a mebibyte.
func whole(body *[]byte) func([]byte) {
	return func(piece []byte) {
		if *body = append(*body, piece...); len(*body) > 1<<20 {
			must(fmt.Errorf("the answer is longer than any valid one"))
		}
	}
}

func takeAnnouncement() {
	var body []byte
	if status, _ := exchange("/v1/announcement", nil, whole(&body)); status != http.StatusOK {
		must(fmt.Errorf("announcement: HTTP %d", status))
	}
	data, size := in(body)
	check(C.bb_client_take_announcement(client, data, size, &bbError))
}

func evaluate() {
	saveState() // before the request is sent
	request := out(func(data *C.uint8_t, size *C.size_t) C.bb_status {
		return C.bb_client_request(client, data, size, &bbError)
	})
	var body []byte
	switch status, problem := exchange("/v1/evaluate", request, whole(&body)); {
	case status == http.StatusOK:
		data, size := in(body)
		check(C.bb_client_take_answer(client, data, size, &bbError))
	case status == http.StatusGone:
		check(C.bb_client_take_refusal(client, C.BB_REFUSED_EPOCH_GONE, &bbError))
	case status == http.StatusTooManyRequests && bytes.Contains(problem, []byte(`:allowance"`)):
		check(C.bb_client_take_refusal(client, C.BB_REFUSED_ALLOWANCE_SPENT, &bbError))
	default:
		must(fmt.Errorf("evaluate: HTTP %d", status))
	}
}

func readDirectory() {
	path := out(func(data *C.uint8_t, size *C.size_t) C.bb_status {
		return C.bb_client_directory_path(client, (*C.char)(unsafe.Pointer(data)), size, &bbError)
	})
	status, _ := exchange(string(path[:len(path)-1]), nil, func(piece []byte) {
		data, size := in(piece)
		check(C.bb_client_feed_directory(client, data, size, &bbError))
	})
	switch status {
	case http.StatusOK:
		check(C.bb_client_finish_directory(client, &bbError))
	case http.StatusNotFound, http.StatusGone:
		check(C.bb_client_directory_gone(client, &bbError))
	default:
		must(fmt.Errorf("directory: HTTP %d", status))
	}
}

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..")
		os.Exit(2)
	}
	issued, err := os.ReadFile(os.Args[3])
	must(err)
	url, token = os.Args[1], strings.TrimSpace(string(issued))
	must(os.MkdirAll(os.Args[4], 0o700))
	must(os.Chdir(os.Args[4]))

	key, err := os.ReadFile("key")
	if err != nil {
		key = make([]byte, C.BB_KEY_BYTES)
		check(C.bb_random((*C.uint8_t)(&key[0]), C.BB_KEY_BYTES, &bbError))
		writeFile("key", key)
	}
	saved, _ := os.ReadFile("state") // there is none in the beginning
	state, size := in(saved)
	check(C.bb_client_new(text(os.Args[2]), (*C.uint8_t)(&key[0]), state, size, &client, &bbError))
	defer C.bb_client_free(client)
	for _, number := range os.Args[5:] {
		check(C.bb_client_add_identifier(client, text(number), &bbError))
	}

	check(C.bb_client_begin(client, text(token), C.uint64_t(time.Now().Unix()), 0, &bbError))
	for need := C.bb_client_need(client); need != C.BB_NEED_NOTHING; need = C.bb_client_need(client) {
		switch need {
		case C.BB_NEED_ANNOUNCEMENT:
			takeAnnouncement()
		case C.BB_NEED_STEP:
			check(C.bb_step(client, 256, nil, nil, &bbError))
		case C.BB_NEED_ANSWER:
			evaluate()
		case C.BB_NEED_DIRECTORY:
			readDirectory()
		}
	}
	saveState()

	var result C.bb_result
	check(C.bb_client_result(client, &result, &bbError))
	for i := C.size_t(0); i < result.matches; i++ {
		var number, label [1024]C.char
		numberSize, labelSize := C.size_t(len(number)), C.size_t(len(label))
		check(C.bb_client_match(client, i, &number[0], &numberSize, &label[0], &labelSize, &bbError))
		fmt.Println(C.GoString(&number[0]), C.GoString(&label[0]))
	}
	fmt.Println(result.evaluated)
}
