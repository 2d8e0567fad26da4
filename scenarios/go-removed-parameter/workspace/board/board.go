// Package board keeps the departures on a board.
package board

import (
	"fmt"
	"io/ioutil"
	"strings"
)

// Load reads the departures of one pier.
func Load(path string) ([]string, error) {
	content, err := ioutil.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no board at %s: %w", path, err)
	}
	return strings.Split(string(content), "\n"), nil
}

// Header reads the text above the departures.
func Header(path string) (string, error) {
	header, err := ioutil.ReadFile(path + ".head")
	if err != nil {
		return "", fmt.Errorf("no header at %s: %w", path, err)
	}
	return strings.TrimSpace(string(header)), nil
}

// Footer reads the text below them.
func Footer(path string) (string, error) {
	footer, err := ioutil.ReadFile(path + ".foot")
	if err != nil {
		return "", fmt.Errorf("no footer at %s: %w", path, err)
	}
	return strings.TrimSpace(string(footer)), nil
}
