package blindbook

// #include <blindbook.h>
import "C"

import (
	"strconv"
	"strings"
	"unsafe"
)

// call gives as an error what `function` says.
func call(function func(*C.bb_error) C.bb_status) error {
	var failed C.bb_error
	status := Status(function(&failed))
	if status == C.BB_OK {
		return nil
	}
	if status < PeerMisbehaved || status > Spent {
		status = Unavailable // as the header asks for with what is newer than this package
	}
	return &Error{status, C.GoString(&failed.rule[0]), C.GoString(&failed.message[0]), C.GoString(&failed.hint[0])}
}

func badInput(rule, message string) error {
	return &Error{Status: BadInput, Rule: rule, Message: message}
}

// in is `data` as the library reads it, which keeps no pointer beyond a call.
func in(data []byte) (*C.uint8_t, C.size_t) {
	if len(data) == 0 {
		return nil, 0
	}
	return (*C.uint8_t)(&data[0]), C.size_t(len(data))
}

// sizedIn is `data` for a function that reads `size` bytes. BadInput "go.size".
func sizedIn(data []byte, size int, what string) (*C.uint8_t, error) {
	if len(data) != size {
		return nil, badInput("go.size", what+" must have "+strconv.Itoa(size)+" bytes, not "+strconv.Itoa(len(data)))
	}
	return (*C.uint8_t)(&data[0]), nil
}

// textIn is `text` for a function that reads to the first null byte. BadInput "go.text".
func textIn(text, what string) (*C.char, error) {
	if strings.IndexByte(text, 0) >= 0 {
		return nil, badInput("go.text", what+" holds a null character")
	}
	return (*C.char)(unsafe.Pointer(&append([]byte(text), 0)[0])), nil
}
