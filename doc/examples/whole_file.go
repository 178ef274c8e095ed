// SPDX-License-Identifier: GPL-2.0-only

// Write a text into a contiguous memfd, and read it with golang.org/x/exp/mmap, which maps all
// of a file.
//
// python3 alloc.py 65536 ./whole_file @
package main

import (
	"fmt"
	"log"
	"os"

	"golang.org/x/exp/mmap"
)

const text = "hello from Go"

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: whole_file MEMFD")
	}
	memory, err := mmap.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.OpenFile(os.Args[1], os.O_RDWR, 0)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := file.WriteAt([]byte(text), 0); err != nil {
		log.Fatal(err)
	}
	back := make([]byte, len(text))
	if _, err := memory.ReadAt(back, 0); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bytes mapped: %s\n", memory.Len(), back)
}
