// SPDX-License-Identifier: GPL-2.0-only

// Map a kshm buffer, write a text into it, and read it back with read(2).
//
// go run map.go [DEVICE [SIZE]]
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"syscall"
)

const text = "hello from Go"

func main() {
	log.SetFlags(0)
	device := "/dev/kshm0"
	if len(os.Args) > 1 {
		device = os.Args[1]
	}
	file, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		log.Fatal(err)
	}

	// Stat() gives the size 0 for a device: tell mmap the length.
	size, err := file.Seek(0, io.SeekEnd)
	if len(os.Args) > 2 {
		size, err = strconv.ParseInt(os.Args[2], 0, 64)
	}
	if err != nil {
		log.Fatal(err)
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, int(size),
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		log.Fatal(device, ": mmap: ", err)
	}

	for _, offset := range []int64{0, size - int64(len(text))} {
		copy(memory[offset:], text)
		back := make([]byte, len(text))
		if _, err := file.ReadAt(back, offset); err != nil {
			log.Fatal(err)
		}
		if string(back) != text {
			log.Fatal(device, ": not what was written at ", offset)
		}
	}
	if err := syscall.Munmap(memory); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d bytes mapped, written and read\n", device, size)
}
