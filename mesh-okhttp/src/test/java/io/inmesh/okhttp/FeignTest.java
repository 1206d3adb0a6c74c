package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Feign;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Feign with its own module for OkHttp, which was built against OkHttp 4, on the OkHttp that InMesh brings. */
class FeignTest extends MeshFixture {

    /** As a user writes it. */
    interface Reviews {
        @RequestLine("GET /reviews/0")
        @Headers("end-user: {user}")
        String review(@Param("user") String user);
    }

    @Test
    void callsOfFeignAreRouted() {
        OkHttpClient okHttp = versions("""
                http:
                - match: [{headers: {end-user: {exact: jason}}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);
        Reviews reviews =
                Feign.builder().client(new feign.okhttp.OkHttpClient(okHttp)).target(Reviews.class, URL);

        assertThat(reviews.review("jason")).isEqualTo("v2");
        assertThat(reviews.review("somebody")).isEqualTo("v1");
    }

    @Test
    void theGuideShowsThis() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "okhttp.md")))
                .contains("new feign.okhttp.OkHttpClient(okHttp)")
                .contains("<artifactId>okhttp-bom</artifactId>")
                .contains("<version>" + OkHttp.VERSION + "</version>");
    }
}
