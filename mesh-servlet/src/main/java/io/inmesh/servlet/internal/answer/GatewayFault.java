package io.inmesh.servlet.internal.answer;

import io.inmesh.call.HeaderField;
import java.util.List;

/**
 * Why the gateway answers by itself.
 *
 * @param status 400 to 599
 * @param flag short, as Envoy has it, such as {@code UF}
 * @param text one phrase for the client, which tells nothing of what is behind the gateway
 * @param headers of the answer beside those that describe its body
 */
public record GatewayFault(int status, String flag, String text, List<HeaderField> headers) {
    public GatewayFault {
        headers = List.copyOf(headers);
    }

    /** Without headers. */
    public static GatewayFault of(int status, String flag, String text) {
        return new GatewayFault(status, flag, text, List.of());
    }

    /** For a request beyond a limit; another one may pass after so many seconds. */
    public static GatewayFault limited(long seconds) {
        return new GatewayFault(
                429, "RL", "rate limited", List.of(new HeaderField("retry-after", Long.toString(seconds))));
    }
}
