package io.inmesh.samples.bookinfo.productpage;

import io.inmesh.samples.bookinfo.web.CallNotes;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.WebUtils;

/**
 * Who is signed in: the name in the cookie {@code user}. It alone decides about {@code end-user} on outgoing calls:
 * productpage hands no such header on, so that nobody becomes jason by sending it from outside. There is no password: this
 * is a sample.
 */
@Component
class SignedInUser implements RestClientCustomizer {
    private static final String COOKIE = "user";

    /** What may stand in a header unharmed. */
    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,62}[\\x21-\\x7e])?");

    /** The name, or null when nobody is signed in. */
    static @Nullable String name(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, COOKIE);
        if (cookie == null) {
            return null;
        }
        try {
            String name = URLDecoder.decode(cookie.getValue(), StandardCharsets.UTF_8);
            return isName(name) ? name : null;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }

    /** Printable ASCII, 1 to 64 characters, no blank at either end. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static ResponseCookie cookie(String name) {
        return base(URLEncoder.encode(name, StandardCharsets.UTF_8)).build();
    }

    static ResponseCookie noCookie() {
        return base("").maxAge(Duration.ZERO).build();
    }

    private static ResponseCookie.ResponseCookieBuilder base(String value) {
        return ResponseCookie.from(COOKIE, value).path("/").httpOnly(true).sameSite("Lax");
    }

    @Override
    public void customize(RestClient.Builder builder) {
        builder.requestInitializer(outgoing -> {
            if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current) {
                String name = name(current.getRequest());
                if (name != null) {
                    outgoing.getHeaders().set(CallNotes.END_USER, name);
                }
            }
        });
    }
}
