/**
 * The SPI between InMesh and an HTTP transport. A transport implements {@link io.inmesh.call.Exchange}, one for each call,
 * and hands it to {@code Mesh.execute}. What InMesh calls on it is
 *
 * <pre>{@code
 * call      = head...  [ synthesize | passed | attempts ]
 * passed    = passThrough [ classify | classifyFailure ]
 * attempts  = [ keepBody ] [ copy ] [ beside ] { failed [ replayable ] }  [ answered | failed ]
 * failed    = attempt send! [ neverConnected ] [ classifyFailure ]
 *           | attempt send classify [ replayable ] discard
 * answered  = attempt send classify ( deliver | deliver! discard )
 * }</pre>
 *
 * where {@code send!} is a {@code send} that throws, {@code deliver!} likewise, {@code head}, {@code canceled} and
 * {@code callerTimeoutNanos} may be asked at any time before the end of the call, and {@code responseHeader} between {@code
 * send} and {@code deliver} or {@code discard}. All of this happens on the caller's thread, one attempt after the other:
 * no attempt is made before the one before it has failed or was discarded. Where the rules mirror, {@code copy} comes just before
 * the first attempt is made; the {@link io.inmesh.call.RequestCopy} that it leads to is sent by exchanges of its own, on other
 * threads.
 *
 * <p>Where the rules hedge, {@code beside} comes just before the first attempt is made. The exchange that it gives may make one
 * attempt, on another thread and while the first one of the call is under way: {@code beside = attempt ( send classify |
 * send! )}. If that has the better answer, the first one is broken off by {@code cancel}, and the other delivered or discarded on
 * the caller's thread; the caller's call has its answer then as if it were of its own attempt. If not, the other is broken off by
 * {@code cancel}, and discarded on whichever thread has its answer.
 *
 * <ul>
 *   <li>{@code cancel} of an attempt may come on any thread at any time, also before {@code send}, beside it, after the end
 *       of the body and more than once. A later attempt of the exchange is none of its business.
 *   <li>An attempt ends when {@code send} throws, with {@code discard}, or, once delivered, with its body. InMesh keeps the
 *       account of the first two itself.
 *   <li>A call ends when InMesh throws or gives an answer of its own, or with the body of the delivered attempt. Only this
 *       last end is the transport's to tell, by {@link io.inmesh.call.CallEnd#ended}, on whichever thread the body ends.
 * </ul>
 *
 * <p>{@code ExchangeContract}, in the tests of mesh-core, says this to a machine.
 */
@NullMarked
package io.inmesh.call;

import org.jspecify.annotations.NullMarked;
