#include "CModels.h"

// A standard of 2023 that clang has had before as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t channel[] = {
#embed "channel.ngram" if_empty(0)
};

static const uint8_t genre[] = {
#embed "genre.ngram" if_empty(0)
};

static const uint8_t advertisement[] = {
#embed "advertisement.ngram" if_empty(0)
};

const uint8_t *cmodels_channel(size_t *size) {
  *size = sizeof channel;
  return channel;
}

const uint8_t *cmodels_genre(size_t *size) {
  *size = sizeof genre;
  return genre;
}

const uint8_t *cmodels_advertisement(size_t *size) {
  *size = sizeof advertisement;
  return advertisement;
}
