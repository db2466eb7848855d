// Writes a journal of many records, as an agent writes it that took a small file a claim: claims in groups, a batch
// record for every 4,096 of them with the end of each. The batches hold no documents: what is measured is the journal.
// usage: bench-journal SPOOL RECORDS
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { claims_a_batch = 4096 };

static uint32_t table[256];
static uint32_t chain;
static FILE *journal;
static long lines;
static char *record;

static uint32_t crc32c(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *p = bytes;
  crc = ~crc;
  while (count--) crc = table[(crc ^ *p++) & 255] ^ crc >> 8;
  return ~crc;
}

static void begin(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0x82F63B78u ^ c >> 1 : c >> 1;
    table[i] = c;
  }
}

static void seal(void) {
  chain = crc32c(crc32c(0, &chain, 4), record, strlen(record));
  fprintf(journal, "%s\t%08x\n", record, chain);
  lines++;
}

static void put(const char *spool, long batch, const char *suffix, const void *bytes, size_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/corpus/%08ld%s", spool, batch, suffix);
  FILE *file = fopen(path, "w");
  if (!file || fwrite(bytes, 1, count, file) != count || fclose(file)) exit(74);
}

// An empty batch: no frames, no records.
static void publish(const char *spool, long batch) {
  static const uint8_t frames[17] = {0x5E, 0x2A, 0x4D, 0x18, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xB1, 0xEA, 0x92, 0x8F};
  static const char header[32] = "PTDMETA1\x64";
  put(spool, batch, ".jsonl.zst", frames, sizeof frames);
  put(spool, batch, ".meta", header, sizeof header);
  put(spool, batch, ".json", "{}\n", 3);
}

static void commit(const char *spool, long batch, long first, long count) {
  publish(spool, batch);
  char *at = record + sprintf(record, "{\"ev\":\"batch\",\"number\":%ld,\"first\":0,\"count\":0,\"progress\":[", batch);
  for (long i = 0; i < count; i++) {
    at += sprintf(
        at, "%s{\"claim\":%ld,\"offset\":%ld,\"record\":1,\"line\":1,\"documents\":1,\"bad_lines\":0,\"bad_bytes\":0,"
        "\"end\":\"used\"}", i ? "," : "", first + i, 2000 + i % 7919);
  }
  sprintf(at, "],\"changes\":[],\"rules\":[]}");
  seal();
}

static void claim(long number) {
  sprintf(
      record, "{\"ev\":\"claim\",\"seq\":%ld,\"path\":\"web%ld/%04ld/page-%08ld.html\",\"size\":%ld,\"mtime\":%ld,"
      "\"dev\":2049,\"ino\":%ld,\"copied\":false,\"options\":\"{channel: 'en'}\"}",
      number, number / 100000 % 10, number / 1000, number, 2000 + number % 7919,
      1700000000000000000L + number * 1000003, 4000000 + number);
  seal();
}

int main(int count, char **words) {
  if (count != 3) return fprintf(stderr, "usage: bench-journal SPOOL RECORDS\n"), 64;
  long wanted = atol(words[2]), claims = 0, batches = 0, open = 0;
  begin();
  record = malloc(1 << 20);
  char path[4096];
  snprintf(path, sizeof path, "%s/state/journal/00000001.jsonl", words[1]);
  journal = fopen(path, "w");
  if (!journal) return perror(path), 74;
  sprintf(record, "{\"ev\":\"segment\",\"number\":1,\"version\":1,\"previous\":\"00000000\"}");
  seal();
  while (lines < wanted - 2) {
    claim(++claims);
    if (++open < claims_a_batch) continue;
    commit(words[1], batches++, claims - open + 1, open);
    open = 0;
  }
  commit(words[1], batches++, claims - open + 1, open);
  printf("journal: %ld records, %ld claims, %ld batches\n", lines, claims, batches);
  return fclose(journal) ? 74 : 0;
}
