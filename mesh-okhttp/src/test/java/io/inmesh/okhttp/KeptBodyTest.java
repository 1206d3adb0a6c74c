package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptBodyTest {
    private static String sent(RequestBody body) throws IOException {
        Buffer sink = new Buffer();
        body.writeTo(sink);
        return sink.readUtf8();
    }

    @Test
    void aBodyOfOneTakingIsSentTwice() throws IOException {
        KeptBody body = new KeptBody(new Stream("once"), 4);

        assertThat(body.canBeSent()).isTrue();
        assertThat(sent(body)).isEqualTo("once");
        assertThat(body.canBeSent()).isTrue();
        assertThat(sent(body)).isEqualTo("once");
        assertThat(body.isOneShot()).isTrue();
    }

    @Test
    void aLongerOneIsSentOnceAndWhole() throws IOException {
        KeptBody body = new KeptBody(new Stream("x".repeat(100_000)), 99_999);

        assertThat(sent(body)).hasSize(100_000);
        assertThat(body.canBeSent()).isFalse();
        assertThatThrownBy(() -> sent(body)).isInstanceOf(IOException.class).hasMessageContaining("could not be kept");
    }

    @Test
    void whatBrokeOffWhileItWasSentIsNotWhole() {
        KeptBody body = new KeptBody(new Stream("x".repeat(100_000)), 200_000);
        BufferedSink broken = Okio.buffer(new ForwardingSink(new Buffer()) {
            @Override
            public void write(Buffer source, long byteCount) throws IOException {
                throw new IOException("broken pipe");
            }
        });

        assertThatThrownBy(() -> body.writeTo(broken)).hasMessage("broken pipe");

        assertThat(body.canBeSent()).isFalse();
    }

    /** As one of a stream. */
    private static final class Stream extends RequestBody {
        private final String text;
        private boolean taken;

        Stream(String text) {
            this.text = text;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            assertThat(taken).isFalse();
            taken = true;
            sink.writeUtf8(text);
        }
    }
}
