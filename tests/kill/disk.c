/* A disk whose fsync fails when it is told to, and which keeps only what an fsync brought to it.

   Preloaded into a platform (LD_PRELOAD). Every write to a database or its log goes to the file as ever; a
   copy in the folder KEPT gets a page when an fsync after it succeeds. An fsync that fails does what Linux
   does: it says EIO, to whoever else has the file open at his next fsync too, and calls the pages clean, so
   that no later fsync brings them. What a process wrote and never brought to the disk dies with it. After a
   kill, KEPT is what a loss of power would have left.

   SALIO_DISK_KEPT names the folder, SALIO_DISK_ORDERS a file of two 32-bit numbers: how many fsyncs from now
   on fail (below zero: all), and how many did. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 65536 /* 256 MB */
#define FILES 8
#define DESCRIPTORS 4096
#define UNUSED (-1)

struct file {
  char name[64];
  int errors;
  unsigned char dirty[PAGES / 8];
};

static struct file files[FILES];
static int told[DESCRIPTORS]; /* By descriptor of how many errors of its file. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int32_t *orders;
static const char *kept;
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_unlink)(const char *);
static int (*real_close)(int);

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("SALIO_DISK_ORDERS");
  int orders_file = path ? open(path, O_RDWR) : -1;
  kept = getenv("SALIO_DISK_KEPT");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_close = dlsym(RTLD_NEXT, "close");
  for (int i = 0; i < DESCRIPTORS; i++) told[i] = UNUSED;
  if (orders_file < 0 || !kept) abort();
  orders = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, orders_file, 0);
  if (orders == MAP_FAILED) abort();
}

static int is_store(const char *name) {
  size_t length = strlen(name);
  return (length > 3 && !strcmp(name + length - 3, ".db")) ||
         (length > 7 && !strcmp(name + length - 7, ".db-wal")) ||
         (length > 11 && !strcmp(name + length - 11, ".db-journal"));
}

/* The file of this name, if it is one of the store's; the lock is held. */
static struct file *named(const char *name) {
  if (!is_store(name) || strlen(name) >= sizeof files[0].name) return NULL;
  for (int i = 0; i < FILES; i++) {
    if (!files[i].name[0]) strcpy(files[i].name, name);
    if (!strcmp(files[i].name, name)) return &files[i];
  }
  abort();
}

static struct file *behind(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  char *name = strrchr(path, '/');
  struct file *file = name ? named(name + 1) : NULL;
  if (descriptor >= DESCRIPTORS) abort();
  if (file && told[descriptor] == UNUSED) told[descriptor] = file->errors;
  return file;
}

static void wrote(int descriptor, off_t at, ssize_t count) {
  if (count <= 0) return;
  pthread_mutex_lock(&lock);
  struct file *file = behind(descriptor);
  if (file)
    for (off_t page = at / PAGE; page <= (at + count - 1) / PAGE; page++) {
      if (page >= PAGES) abort();
      file->dirty[page / 8] |= 1 << page % 8;
    }
  pthread_mutex_unlock(&lock);
}

static void copy_to(const char *name, char *path, size_t size) {
  snprintf(path, size, "%s/%s", kept, name);
}

/* Brings the dirty pages to the disk, and the file's length. */
static void keep(int descriptor, struct file *file) {
  char path[4096], page[PAGE];
  struct stat status;
  copy_to(file->name, path, sizeof path);
  int copy = open(path, O_RDWR | O_CREAT, 0600);
  if (copy < 0 || fstat(descriptor, &status)) abort();
  for (off_t i = 0; i < PAGES; i++) {
    if (!file->dirty[i / 8]) {
      i |= 7;
    } else if (file->dirty[i / 8] & 1 << i % 8) {
      ssize_t count = pread(descriptor, page, PAGE, i * PAGE);
      if (count > 0 && real_pwrite(copy, page, count, i * PAGE) != count) abort();
    }
  }
  if (ftruncate(copy, status.st_size) || real_close(copy)) abort();
}

static int brought(int descriptor) {
  int failed = 0;
  pthread_mutex_lock(&lock);
  struct file *file = behind(descriptor);
  if (file) {
    failed = orders[0] != 0;
    if (failed) {
      if (orders[0] > 0) orders[0]--;
      orders[1]++;
      file->errors++;
    } else {
      keep(descriptor, file);
    }
    memset(file->dirty, 0, sizeof file->dirty);
    failed = told[descriptor] != file->errors;
    told[descriptor] = file->errors;
  }
  pthread_mutex_unlock(&lock);
  if (failed) errno = EIO;
  return failed ? -1 : 0;
}

int fsync(int descriptor) { return brought(descriptor); }
int fdatasync(int descriptor) { return brought(descriptor); }

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t at) {
  ssize_t written = real_pwrite(descriptor, bytes, count, at);
  int error = errno;
  wrote(descriptor, at, written);
  errno = error;
  return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at) {
  return pwrite64(descriptor, bytes, count, at);
}

int close(int descriptor) {
  pthread_mutex_lock(&lock);
  if (descriptor >= 0 && descriptor < DESCRIPTORS) told[descriptor] = UNUSED;
  pthread_mutex_unlock(&lock);
  return real_close(descriptor);
}

int unlink(const char *path) {
  int result = real_unlink(path);
  int error = errno;
  const char *name = strrchr(path, '/');
  pthread_mutex_lock(&lock);
  struct file *file = !result && name ? named(name + 1) : NULL;
  if (file) {
    char copy[4096];
    copy_to(file->name, copy, sizeof copy);
    real_unlink(copy);
    memset(file->dirty, 0, sizeof file->dirty);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
