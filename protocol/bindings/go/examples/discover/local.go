package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"blindbook.example/blindbook"
)

// A folder holds the state and its key. A key that lies beside the state protects nothing: an app keeps it where the system
// keeps keys.
type folder string

// load reads the key and the state. In the beginning it makes a key, and the state is empty.
func (f folder) load() (key, state []byte, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return nil, nil, err
	}
	key, err = os.ReadFile(filepath.Join(string(f), "key"))
	if errors.Is(err, fs.ErrNotExist) {
		if key, err = blindbook.NewKey(); err == nil {
			err = f.write("key", key)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	state, err = os.ReadFile(filepath.Join(string(f), "state"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return key, state, err
}

// saveState writes the client's state where it survives a crash.
func (f folder) saveState(client *blindbook.Client) error {
	state, err := client.State()
	if err != nil {
		return err
	}
	return f.write("state", state)
}

// write leaves the old file or the new one.
func (f folder) write(name string, data []byte) error {
	path := filepath.Join(string(f), name)
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err = file.Write(data); err != nil {
		return err
	}
	if err = file.Sync(); err != nil {
		return err
	}
	if err = os.Rename(path+".new", path); err != nil {
		return err
	}
	names, err := os.Open(string(f)) // the new name is to survive, too
	if err != nil {
		return err
	}
	defer names.Close()
	return names.Sync()
}

// readToken reads an access token, which the messenger gave, from a file.
func readToken(name string) (string, error) {
	token, err := os.ReadFile(name)
	return strings.TrimSpace(string(token)), err
}

// must ends the program after an error.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
