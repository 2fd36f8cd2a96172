// Package blindbook finds out which contacts subscribe to a messenger, without telling it the others. It is libblindbook for Go,
// by cgo: it computes, and the program carries the bytes. Where the library is not installed, C_INCLUDE_PATH and LIBRARY_PATH
// say where blindbook.h and libblindbook.so are.
//
// A run is a loop over what [Client.Need] says:
//
//	NeedAnnouncement  TakeAnnouncement with what GET /v1/announcement gave
//	NeedStep          Step
//	NeedAnswer        State, written to disk; Request; TakeAnswer with what POST /v1/evaluate gave, or TakeRefusal
//	NeedDirectory     ReadDirectory with the body of GET DirectoryPath, or DirectoryGone
//	NeedNothing       State, written to disk; Result
//
// Every error is an [*Error], but what the reader gives that is handed to ReadDirectory.
package blindbook

/*
#cgo LDFLAGS: -lblindbook
#include <blindbook.h>
*/
import "C"

import (
	"io"
	"sync"
	"time"
	"unsafe"
)

// A Need is what a run waits for.
type Need int

const (
	// NeedNothing: no run is in hand, or it has ended, by an error or with matches.
	NeedNothing      Need = C.BB_NEED_NOTHING
	NeedAnnouncement Need = C.BB_NEED_ANNOUNCEMENT
	NeedStep         Need = C.BB_NEED_STEP
	NeedAnswer       Need = C.BB_NEED_ANSWER
	NeedDirectory    Need = C.BB_NEED_DIRECTORY
)

// A Refusal is an answer of the service that a run can live with.
type Refusal int

const (
	EpochGone      Refusal = C.BB_REFUSED_EPOCH_GONE      // 410
	AllowanceSpent Refusal = C.BB_REFUSED_ALLOWANCE_SPENT // 429 whose problem type ends in ":allowance"
)

// A Client is one person's client of one operator: the key to trust, the numbers to look up, the state, and the run in hand.
// Calls of several goroutines wait for one another.
type Client struct {
	mutex  sync.Mutex
	handle *C.bb_client
}

// NewClient makes a client of the operator that `invitation` names, "blindbook://host/#key". `key` (KeySize bytes, [NewKey])
// seals the state; keep it where the system keeps keys. `state` is what [Client.State] gave last; empty in the beginning.
// BadInput "invitation.syntax", "state.key", "state.format", "state.content", "state.operator".
func NewClient(invitation string, key, state []byte) (*Client, error) {
	named, err := textIn(invitation, "the invitation")
	if err != nil {
		return nil, err
	}
	sealing, err := sizedIn(key, KeySize, "the key")
	if err != nil {
		return nil, err
	}
	saved, size := in(state)
	var handle *C.bb_client
	err = call(func(failed *C.bb_error) C.bb_status {
		return C.bb_client_new(named, sealing, saved, size, &handle, failed)
	})
	if err != nil {
		return nil, err
	}
	return &Client{handle: handle}, nil
}

// Close wipes what is secret. Later calls are ApiMisuse "capi.null".
func (c *Client) Close() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	C.bb_client_free(c.handle)
	c.handle = nil
}

// ServiceURL is such as "https://city.example", without a slash at the end.
func (c *Client) ServiceURL() (string, error) {
	return c.writtenText(func(handle *C.bb_client, out *C.char, size *C.size_t, failed *C.bb_error) C.bb_status {
		return C.bb_client_service_url(handle, out, size, failed)
	})
}

// Add adds a number in E.164, "+493023125000". The whole address book is added before [Client.Begin]: nothing that is fetched may
// depend on it. BadInput "identifier.syntax"; ApiMisuse "run.order" while a run is in hand.
func (c *Client) Add(number string) error {
	added, err := textIn(number, "the number")
	if err != nil {
		return err
	}
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_add_identifier(handle, added, failed)
	})
}

// AddNumber adds what a person wrote, "030 23125000 / 01", in the numbering plan of `region`, such as "DE"; with "" only numbers
// with a country code are taken. It gives how many numbers that was. BadInput "capi.number", "contact.region"; ApiMisuse
// "capi.unsupported" (the library has no libphonenumber), "run.order".
func (c *Client) AddNumber(raw, region string) (int, error) {
	written, err := textIn(raw, "the number")
	if err != nil {
		return 0, err
	}
	plan, err := textIn(region, "the region")
	if err != nil {
		return 0, err
	}
	var count C.size_t
	err = c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_add_number(handle, written, plan, &count, failed)
	})
	return int(count), err
}

// Begin begins a run that a person started, for the account of the access token. It ends a run that is in hand. BadInput
// "token.encoding".
func (c *Client) Begin(token string, now time.Time) error {
	return c.begin(token, now, 0)
}

// BeginScheduled begins a run that a timer started: its request has one size, whatever is new.
func (c *Client) BeginScheduled(token string, now time.Time) error {
	return c.begin(token, now, 1)
}

func (c *Client) begin(token string, now time.Time, scheduled C.int) error {
	bearer, err := textIn(token, "the token")
	if err != nil {
		return err
	}
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_begin(handle, bearer, C.uint64_t(now.Unix()), scheduled, failed)
	})
}

// Need is what the run waits for. Any other step is ApiMisuse "run.order"; another error ends the run.
func (c *Client) Need() Need {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return Need(C.bb_client_need(c.handle))
}

// StateChanged says whether [Client.State] would give what it has not given yet.
func (c *Client) StateChanged() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return C.bb_client_state_changed(c.handle) != 0
}

// State is all that must survive, sealed. Write it where it survives a crash, always before a request is sent, and whenever
// [Client.StateChanged] says so, also after an error.
func (c *Client) State() ([]byte, error) {
	return c.written(func(handle *C.bb_client, out *C.uint8_t, size *C.size_t, failed *C.bb_error) C.bb_status {
		return C.bb_client_state(handle, out, size, failed)
	})
}

// TakeAnnouncement takes what GET /v1/announcement gave, whole. PeerMisbehaved "announcement.*", "certificate.*", "history.*";
// Unavailable "announcement.not-an-envelope" (a captive portal, say), "announcement.stale".
func (c *Client) TakeAnnouncement(announcement []byte) error {
	data, size := in(announcement)
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_take_announcement(handle, data, size, failed)
	})
}

// Evidence is the two announcements that contradict each other, when [Client.TakeAnnouncement] found such: keep them, and show
// them to others. Otherwise it is empty.
func (c *Client) Evidence() ([]byte, error) {
	return c.written(func(handle *C.bb_client, out *C.uint8_t, size *C.size_t, failed *C.bb_error) C.bb_status {
		return C.bb_client_evidence(handle, out, size, failed)
	})
}

// Step blinds up to `maxItems` more elements, at least one; 256 take some 5 ms. It gives how many are done, and how many the whole
// run has.
func (c *Client) Step(maxItems int) (done, total int, err error) {
	if maxItems < 1 {
		maxItems = 1
	}
	var ready, all C.size_t
	err = c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_step(handle, C.size_t(maxItems), &ready, &all, failed)
	})
	return int(ready), int(all), err
}

// Request is the body of POST /v1/evaluate, to be sent as application/octet-stream with "Authorization: Bearer <token>"; the same
// bytes however often it is asked for. ApiMisuse "capi.unsaved" before [Client.State] was: what is sent is charged, and must
// survive a crash.
func (c *Client) Request() ([]byte, error) {
	return c.written(func(handle *C.bb_client, out *C.uint8_t, size *C.size_t, failed *C.bb_error) C.bb_status {
		return C.bb_client_request(handle, out, size, failed)
	})
}

// TakeAnswer takes the body of the 200 to that request, and checks its proof. PeerMisbehaved "answer.*", "oprf.*"; Unavailable
// "service.not-an-answer".
func (c *Client) TakeAnswer(answer []byte) error {
	data, size := in(answer)
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_take_answer(handle, data, size, failed)
	})
}

// TakeRefusal says how the service refused the request: the run asks for the announcement again, or goes on with what was
// evaluated before. Spent "service.allowance" where there is nothing to go on with; Unavailable "discovery.moving". After any
// other refusal end the run: the request stays in the state.
func (c *Client) TakeRefusal(refusal Refusal) error {
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_take_refusal(handle, C.int(refusal), failed)
	})
}

// DirectoryPath is what to GET, "/v1/directory/..": without the token, and best over another connection.
func (c *Client) DirectoryPath() (string, error) {
	return c.writtenText(func(handle *C.bb_client, out *C.char, size *C.size_t, failed *C.bb_error) C.bb_status {
		return C.bb_client_directory_path(handle, out, size, failed)
	})
}

// ReadDirectory takes the whole directory, checks it against the announcement, and forms the matches. PeerMisbehaved
// "directory.*"; Unavailable "service.not-an-answer"; or the error of `body`, after which there is [Client.RestartDirectory].
func (c *Client) ReadDirectory(body io.Reader) error {
	piece := make([]byte, 1<<16)
	for {
		size, err := body.Read(piece)
		if refused := c.FeedDirectory(piece[:size]); refused != nil {
			return refused
		}
		if err == io.EOF {
			return c.FinishDirectory()
		}
		if err != nil {
			return err
		}
	}
}

// FeedDirectory takes the next bytes of the directory, where they do not come from a reader; in pieces of any size.
func (c *Client) FeedDirectory(piece []byte) error {
	data, size := in(piece)
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_feed_directory(handle, data, size, failed)
	})
}

// FinishDirectory says that all of it was fed.
func (c *Client) FinishDirectory() error {
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_finish_directory(handle, failed)
	})
}

// RestartDirectory begins to read the directory anew, where a download failed half-way.
func (c *Client) RestartDirectory() error {
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_restart_directory(handle, failed)
	})
}

// DirectoryGone says that the service answered 404 or 410 to that path: the run asks for the announcement again.
func (c *Client) DirectoryGone() error {
	return c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		return C.bb_client_directory_gone(handle, failed)
	})
}

// call calls `function` alone.
func (c *Client) call(function func(*C.bb_client, *C.bb_error) C.bb_status) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return call(func(failed *C.bb_error) C.bb_status { return function(c.handle, failed) })
}

// written is what `write` writes, which is first asked how much room it takes.
func (c *Client) written(write func(*C.bb_client, *C.uint8_t, *C.size_t, *C.bb_error) C.bb_status) ([]byte, error) {
	var out []byte
	err := c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		var size C.size_t
		status := write(handle, nil, &size, failed)
		if status != C.BB_SHORT_BUFFER {
			return status
		}
		out = make([]byte, size)
		return write(handle, (*C.uint8_t)(&out[0]), &size, failed)
	})
	return out, err
}

func (c *Client) writtenText(write func(*C.bb_client, *C.char, *C.size_t, *C.bb_error) C.bb_status) (string, error) {
	text, err := c.written(func(handle *C.bb_client, out *C.uint8_t, size *C.size_t, failed *C.bb_error) C.bb_status {
		return write(handle, (*C.char)(unsafe.Pointer(out)), size, failed)
	})
	if err != nil {
		return "", err
	}
	return string(text[:len(text)-1]), nil
}
