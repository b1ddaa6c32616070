/*
 * A library that takes upload sessions over plain http, as fast as a socket gives bytes.
 *
 * It keeps nothing: every range is folded into a quickXorHash, which the finished item
 * tells. It answers just what rclone and the service ask for on their way to an upload. One
 * thread a connection. It prints its port, then for each file the seconds from its
 * session's making to its last byte, its size and its hash; it ends when its standard input
 * does.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LANES 160
#define WORDS (LANES / 8)
#define HEAD 16384
#define PIECE (1600 * 160)
#define SESSIONS 4096

struct session {
	uint64_t lanes[WORDS];
	uint64_t received;
	struct timespec begun;
	char name[512];
};

static struct session sessions[SESSIONS];
static unsigned begun;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int port;

/* ---------------------------------------------------------------- quickXorHash */

/* Byte i goes to lane i mod 160; whole rows are folded eight bytes at a time. */
static void fold(struct session *to, const unsigned char *data, size_t count)
{
	unsigned char *lanes = (unsigned char *)to->lanes;
	size_t at = to->received % LANES;

	to->received += count;
	for (; count && at && at < LANES; at++, count--)
		lanes[at] ^= *data++;
	for (; count >= LANES; data += LANES, count -= LANES) {
		uint64_t row[WORDS];
		memcpy(row, data, LANES);
		for (int word = 0; word < WORDS; word++)
			to->lanes[word] ^= row[word];
	}
	for (at = 0; at < count; at++)
		lanes[at] ^= data[at];
}

/* The ring of 160 bits: each lane turned by 11 bits more, the length in the last 64. */
static void digest(const struct session *of, char text[29])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *lanes = (const unsigned char *)of->lanes;
	unsigned char ring[21] = {0};

	for (int lane = 0; lane < LANES; lane++)
		for (int bit = 0; bit < 8; bit++)
			if (lanes[lane] >> bit & 1) {
				int to = (lane * 11 + bit) % LANES;
				ring[to / 8] ^= 1 << to % 8;
			}
	for (int byte = 0; byte < 8; byte++)
		ring[12 + byte] ^= of->received >> 8 * byte;
	for (int at = 0, out = 0; at < 21; at += 3, out += 4) {
		uint32_t three = ring[at] << 16 | ring[at + 1] << 8 | ring[at + 2];
		for (int digit = 0; digit < 4; digit++)
			text[out + digit] = digits[three >> (18 - 6 * digit) & 63];
	}
	text[27] = '=';
	text[28] = 0;
}

/* ---------------------------------------------------------------- http */

static void answer(int to, int status, const char *body)
{
	char head[256];
	int length = snprintf(head, sizeof head,
			      "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n"
			      "Content-Length: %zu\r\n\r\n", status, strlen(body));

	if (write(to, head, length) < 0 || write(to, body, strlen(body)) < 0)
		close(to);
}

static const char *header(const char *head, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
		if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':')
			return line + 3 + length + strspn(line + 3 + length, " ");
	return NULL;
}

/* The file's name in `…:/name:/createUploadSession`, its escapes left as they are. */
static void begin(int to, const char *path)
{
	char body[512];
	const char *end = strstr(path, ":/createUploadSession"), *name = end;

	pthread_mutex_lock(&lock);
	unsigned number = begun++ % SESSIONS;
	pthread_mutex_unlock(&lock);
	while (name > path && name[-1] != '/')
		name--;
	memset(&sessions[number], 0, sizeof sessions[number]);
	clock_gettime(CLOCK_MONOTONIC, &sessions[number].begun);
	snprintf(sessions[number].name, sizeof sessions[number].name, "%.*s",
		 (int)(end - name), name);
	snprintf(body, sizeof body,
		 "{\"uploadUrl\":\"http://127.0.0.1:%d/up/%u\",\"nextExpectedRanges\":[\"0-\"],"
		 "\"expirationDateTime\":\"2099-01-01T00:00:00Z\"}", port, number);
	answer(to, 200, body);
}

static void finish(int to, const char *head, struct session *of)
{
	char body[1024], hash[29];
	const char *range = header(head, "Content-Range");
	unsigned long long total = strtoull(strchr(range, '/') + 1, NULL, 10);

	if (of->received < total) {
		snprintf(body, sizeof body, "{\"expirationDateTime\":\"2099-01-01T00:00:00Z\","
			 "\"nextExpectedRanges\":[\"%llu-\"]}", (unsigned long long)of->received);
		answer(to, 202, body);
		return;
	}
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	digest(of, hash);
	printf("%.6f %llu %s\n", now.tv_sec - of->begun.tv_sec
	       + (now.tv_nsec - of->begun.tv_nsec) / 1e9,
	       (unsigned long long)of->received, hash);
	fflush(stdout);
	snprintf(body, sizeof body,
		 "{\"id\":\"item\",\"name\":\"%s\",\"size\":%llu,\"eTag\":\"e\",\"cTag\":\"c\","
		 "\"file\":{\"mimeType\":\"application/octet-stream\","
		 "\"hashes\":{\"quickXorHash\":\"%s\"}},"
		 "\"createdDateTime\":\"2023-01-01T00:00:00Z\","
		 "\"lastModifiedDateTime\":\"2023-01-01T00:00:00Z\","
		 "\"fileSystemInfo\":{\"createdDateTime\":\"2023-01-01T00:00:00Z\","
		 "\"lastModifiedDateTime\":\"2023-01-01T00:00:00Z\"},"
		 "\"parentReference\":{\"driveId\":\"d\",\"id\":\"root\","
		 "\"path\":\"/drives/d/root:\"}}", of->name, (unsigned long long)of->received, hash);
	answer(to, 201, body);
}

static void route(int to, const char *head, const char *path, struct session *filled)
{
	if (filled)
		finish(to, head, filled);
	else if (strstr(path, "/createUploadSession"))
		begin(to, path);
	else if (strstr(path, "/token"))
		answer(to, 200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,"
		       "\"access_token\":\"token\"}");
	else if (!strchr(path, ':') && strstr(path, "root"))
		answer(to, 200, "{\"id\":\"root\",\"name\":\"root\",\"root\":{},\"folder\":{},"
		       "\"parentReference\":{\"driveId\":\"d\"}}");
	else
		answer(to, 404, "{\"error\":{\"code\":\"itemNotFound\",\"message\":\"none\"}}");
}

/* ---------------------------------------------------------------- connections */

static void *serve(void *given)
{
	int from = (int)(intptr_t)given, on = 1;
	unsigned char *data = malloc(PIECE);
	char head[HEAD + 1], path[4096];
	size_t have = 0;

	setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	for (;;) {
		char *end;
		head[have] = 0;
		while (!(end = strstr(head, "\r\n\r\n"))) {
			ssize_t got = have < HEAD ? read(from, head + have, HEAD - have) : 0;
			if (got <= 0)
				goto gone;
			have += got;
			head[have] = 0;
		}
		unsigned char *body = (unsigned char *)end + 4;
		size_t early = have - (body - (unsigned char *)head);
		end[2] = 0;
		const char *length = header(head, "Content-Length");
		size_t left = length ? strtoull(length, NULL, 10) : 0;
		if (sscanf(head, "%*s %4095s", path) != 1)
			goto gone;
		struct session *filled = NULL;
		if (!strncmp(head, "PUT /up/", 8))
			filled = &sessions[strtoul(path + 4, NULL, 10) % SESSIONS];
		size_t taken = early < left ? early : left;
		if (filled)
			fold(filled, body, taken);
		left -= taken;
		while (left) {
			ssize_t got = read(from, data, left < PIECE ? left : PIECE);
			if (got <= 0)
				goto gone;
			if (filled)
				fold(filled, data, got);
			left -= got;
		}
		route(from, head, path, filled);
		have = early - taken;
		memmove(head, body + taken, have);
	}
gone:
	free(data);
	close(from);
	return NULL;
}

static void *until_eof(void *unused)
{
	char byte;

	while (read(0, &byte, 1) > 0)
		;
	exit(0);
	return unused;
}

int main(void)
{
	struct sockaddr_in here = {.sin_family = AF_INET};
	socklen_t size = sizeof here;
	pthread_t thread;
	int door = socket(AF_INET, SOCK_STREAM, 0);

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 64)
	    || getsockname(door, (struct sockaddr *)&here, &size))
		return 1;
	port = ntohs(here.sin_port);
	printf("%d\n", port);
	fflush(stdout);
	pthread_create(&thread, NULL, until_eof, NULL);
	for (;;) {
		int from = accept(door, NULL, NULL);
		if (from >= 0 && !pthread_create(&thread, NULL, serve, (void *)(intptr_t)from))
			pthread_detach(thread);
	}
}
