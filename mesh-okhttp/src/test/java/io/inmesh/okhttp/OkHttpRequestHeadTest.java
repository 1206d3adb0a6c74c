package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OkHttpRequestHeadTest {
    @ParameterizedTest
    @CsvSource({
        "http://reviews/, reviews, 80",
        "http://reviews:80/, reviews, 80",
        "http://reviews:9080/, reviews:9080, 9080",
        "https://reviews/, reviews, 443",
        "https://reviews:80/, reviews:80, 80",
        "http://[::1]/, [::1], 80",
        "http://[2001:db8::1]:9080/, [2001:db8::1]:9080, 9080",
        "http://10.0.0.7:9080/, 10.0.0.7:9080, 9080",
    })
    void authorityIsTheUrlsWithoutADefaultPort(String url, String authority, int port) {
        OkHttpRequestHead head = head(new Request.Builder().url(url));

        assertThat(head.authority()).isEqualTo(authority);
        assertThat(head.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reviews", "reviews:9080", "[::1]:9080"})
    void aHostHeaderIsTheAuthorityAndLeavesThePortAlone(String host) {
        OkHttpRequestHead head =
                head(new Request.Builder().url("http://127.0.0.1:15001/").header("Host", host));

        assertThat(head.authority()).isEqualTo(host);
        assertThat(head.port()).isEqualTo(15001);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, /",
        "http://h/a%2fb;c//d, /a%2fb;c//d",
        "http://h/p?, /p?",
        "http://h/p?a=%20b&c, /p?a=%20b&c",
        "http://h/p?a=1#fragment, /p?a=1",
    })
    void pathIsRawAndHasTheQuery(String url, String pathAndQuery) {
        assertThat(head(new Request.Builder().url(url)).pathAndQuery()).isEqualTo(pathAndQuery);
    }

    @Test
    void headersAreTheCallersInOrderWithoutHost() {
        OkHttpRequestHead head = head(new Request.Builder()
                .url("http://h/")
                .addHeader("End-User", "jason")
                .addHeader("Host", "other")
                .addHeader("x-a", "1")
                .addHeader("X-A", "2"));

        assertThat(lines(head)).containsExactly("End-User: jason", "x-a: 1", "X-A: 2");
    }

    @Test
    void headersHaveWhatOkHttpWillAddFromBodyAndCookieJar() {
        Request request = new Request.Builder()
                .url("http://h/")
                .header("x-a", "1")
                .header("Content-Type", "overruled/by-body")
                .post(RequestBody.create("{}", MediaType.get("application/json")))
                .build();
        CookieJar jar = new OneJar(List.of(cookie("user", "jason"), cookie("theme", "dark")));

        assertThat(lines(new OkHttpRequestHead(request, jar)))
                .containsExactly(
                        "x-a: 1", "Content-Type: application/json; charset=utf-8", "Cookie: user=jason; theme=dark");
    }

    @Test
    void theCookieJarIsNotAskedBeforeARuleLooksAtHeaders() {
        OneJar jar = new OneJar(List.of(cookie("user", "jason")));
        OkHttpRequestHead head =
                new OkHttpRequestHead(new Request.Builder().url("http://h/").build(), jar);

        assertThat(head.authority() + head.pathAndQuery() + head.method() + head.scheme())
                .isEqualTo("h/GEThttp");
        assertThat(jar.asked).isZero();
        assertThat(head.headerCount()).isEqualTo(1);
        assertThat(head.headerName(0)).isEqualTo("Cookie");
        assertThat(jar.asked).isEqualTo(1);
    }

    private static Cookie cookie(String name, String value) {
        return new Cookie.Builder().name(name).value(value).domain("h").build();
    }

    private static OkHttpRequestHead head(Request.Builder request) {
        return new OkHttpRequestHead(request.build(), CookieJar.NO_COOKIES);
    }

    private static List<String> lines(OkHttpRequestHead head) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < head.headerCount(); i++) {
            lines.add(head.headerName(i) + ": " + head.headerValue(i));
        }
        return lines;
    }

    private static final class OneJar implements CookieJar {
        private final List<Cookie> cookies;
        private int asked;

        OneJar(List<Cookie> cookies) {
            this.cookies = cookies;
        }

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> received) {}

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            asked++;
            return cookies;
        }
    }
}
