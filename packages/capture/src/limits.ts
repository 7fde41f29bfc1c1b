/**
 * Bytes of a packet in a capture at most: as many as libpcap takes for Ethernet. A pcap file that says more can't be followed
 * any further, since nothing in it tells where the next packet begins.
 */
export const maxPacketLength = 262_144;

/** Bytes of a block of pcapng at most: as many as libpcap takes. */
export const maxBlockLength: number = 2 ** 24;

/** Interfaces of a section of pcapng at most. Packets of those beyond are told of as damage. */
export const maxInterfaces = 4_096;

/** VLAN tags of a frame at most. IEEE 802.1ad has two. */
export const maxVlanTags = 8;

/** Extension headers of an IPv6 packet at most. RFC 8200 §4.1 recommends each kind once, which makes seven. */
export const maxExtensionHeaders = 16;

/** Datagrams of IP that wait for their fragments at most; the one that waits longest is given up for another. */
export const maxFragmentedDatagrams = 256;

/** Fragments of a datagram at most. A path with an MTU of 576 makes 119 of the largest. */
export const maxFragments = 128;

/** TCP connections that are followed at a time at most; the one that was begun first is given up for another. */
export const maxStreams = 10_000;

/** Bytes of one direction that wait for what is in front of them at most; then there is a gap. */
export const maxPendingBytes: number = 2 ** 20;

/** Pieces of one direction that wait at most; then there is a gap. */
export const maxPendingPieces = 1_024;

/** Bytes that wait in all streams together at most; then there is a gap in the one that more comes for. */
export const maxPendingInAll: number = 2 ** 26;

/** How far ahead of the stream a segment may be, in bytes: RFC 7323 §2.3 allows for no larger windows. */
export const maxWindow: number = 2 ** 30;

/** Connections whose secrets are kept at most. */
export const maxKeyLogConnections = 100_000;

/** Bytes of one end that wait for what the other end says at most, such as all that follows a ClientHello for its answer. */
export const maxWaitingBytes: number = 2 ** 22;

/** Bytes of records at most that are passed over because there is no secret for them, until some follow for which there is one. */
export const maxBytesPassedOver: number = 2 ** 22;

/** ClientHellos of a connection at most: each handshake has one, or two with a HelloRetryRequest. */
export const maxClientHellos = 1_000;
