package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses in CIDR notation, such as {@code 10.0.0.0/8}. Immutable.
 *
 * @param network an address of the block, without zone; its bits behind the prefix do not matter
 * @param prefix number of leading bits that all its addresses share
 */
public record AddressBlock(IpAddress network, int prefix) {
    /** Refuses a prefix that is longer than an address. */
    public AddressBlock {
        if (prefix < 0 || prefix > network.length()) {
            throw new IllegalArgumentException("an address has no " + prefix + " bits: use 0 to " + network.length());
        }
    }

    /** The block of one address. */
    public static AddressBlock of(IpAddress address) {
        return new AddressBlock(address, address.length());
    }

    /**
     * Reads a block by the rules of Go: an address without zone, a slash, and a decimal number without leading zero.
     *
     * @return null when the text is no block
     */
    public static @Nullable AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        IpAddress network = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
        int prefix = bits(text, slash + 1);
        return network == null || !network.zone().isEmpty() || prefix < 0 || prefix > network.length()
                ? null
                : new AddressBlock(network, prefix);
    }

    /** Whether a text is an address or a block, which is what most lists of addresses may hold. */
    public static boolean isAddressOrBlock(String text) {
        return text.indexOf('/') >= 0 ? parse(text) != null : IpAddress.isValid(text);
    }

    /** Whether the block is one address. */
    public boolean isOneAddress() {
        return prefix == network.length();
    }

    /** Whether an address lies in the block; its zone does not matter. None lies in a block of the other version. */
    public boolean contains(IpAddress address) {
        return network.sharesBits(address, prefix);
    }

    /**
     * The block of IPv4 addresses where this is one written as IPv6 ({@code ::ffff:10.0.0.0/104}), else this block.
     *
     * @return null when the block begins as one of IPv4 addresses does and reaches beyond them ({@code ::ffff:0:0/95})
     */
    public @Nullable AddressBlock unmapped() {
        if (!network.isMapped()) {
            return this;
        }
        return prefix < 96 ? null : new AddressBlock(network.unmapped(), prefix - 96);
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }

    private static int bits(String text, int from) {
        int length = text.length() - from;
        if (length < 1 || length > 3 || length > 1 && text.charAt(from) == '0') {
            return -1;
        }
        int bits = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
            bits = bits * 10 + text.charAt(i) - '0';
        }
        return bits;
    }
}
